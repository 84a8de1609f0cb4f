// SPDX-License-Identifier: MIT
internal import JSONValues

extension SearchController {
    static let operation = Operation(
        name: "search_events", tag: "Similarity", summary: "Events by words, by an event, or by both",
        description:
            "q is compared with pictures, not with descriptions; at most three words are taken as 'a photo of' them. "
            + "like names an event whose picture is compared. With both, the two directions are added, text_weight of "
            + "the words. " + SimilarityController.likenessDescription,
        query: [
            ("q", Schema.string(), "What to look for, at most \(textLimit) characters."),
            ("like", Schema.string(), "An event to look like."),
            (
                "text_weight", ["type": "number", "minimum": 0, "maximum": 1, "default": 0.5],
                "The share of the words where both are given."
            ),
        ] + SimilarityController.queryParameters(minimum: 0),
        answers: [
            .json(
                200, "The events.",
                Schema.object([("query", ["type": "object"])] + SimilarityController.answerProperties)),
            .problem(404, "There is no such event, or it has no embedding."),
            .problem(409, "The event's embedding was made by other weights than the server has now."),
            .problem(422, "A parameter is invalid, or there is nothing to look for."),
            .problem(
                503,
                "The weights are missing, or have no text tower or no vocabulary; the text says what helps."),
        ])

    static let imageOperation = Operation(
        name: "search_by_image", tag: "Similarity", summary: "Events that look like a picture",
        description:
            "The picture, JPEG, PNG or WebP, is the whole body or the part 'image' of a form. It is not kept. "
            + SimilarityController.likenessDescription,
        query: SimilarityController.queryParameters(minimum: 0.7),
        body: (
            [
                ("image/jpeg", [:]), ("image/png", [:]), ("image/webp", [:]),
                ("application/octet-stream", [:]),
                (
                    "multipart/form-data",
                    Schema.object([("image", ["type": "string", "contentMediaType": "image/jpeg"])])
                ),
            ], true
        ),
        answers: [
            .json(
                200, "The events.",
                Schema.object([("query", ["type": "object"])] + SimilarityController.answerProperties)),
            .problem(422, "A parameter is invalid, or the body is not a picture."),
        ])
}
