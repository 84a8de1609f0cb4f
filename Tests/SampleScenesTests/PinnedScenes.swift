// SPDX-License-Identifier: MIT

/// SHA-256 of each catalogue scene's samples at 640 × 360.
enum PinnedScenes {
    static let sha256: [String: String] = [
        "blue-car-morning": "42cc9b37d6234a6f717795da1cc518685ef49c164bb849eaabedbd4f37c2e78a",
        "blue-car-rain": "8a6924933d5dca8e8939ab5a3e9cbf647bc65f61f031ce92412cb018290c5c2e",
        "courier-leaving": "99465372dcb7c10bae3e87e5586c3c3ce3f9bb444e63b6854ab223983a1b9590",
        "courier-with-parcel": "1db82654bb5bc6621077c93679f0d49e25ccd8432d7f0e9a25bf29acb05e288e",
        "dark-car-infrared": "3491b303bbc6dd29f96281150e652e0e5fd2a74683c93ceab37028b05ec99154",
        "empty-drive-infrared": "ebb5487227788e62da0abb5c8054191d99f6d20fd7a71a2faf0ccea106abe869",
        "empty-drive-noon": "d5dc2289f281baf0244cb9bc6e319b8a2d096c1c9097fdfe9d8cae46ba06b8e5",
        "neighbour-evening": "526aed078ada8872fe250d85b14dea01735e46fba49f0d52c8d535559250dea9",
        "neighbour-night": "85985f4aa0be82f8dbeda8936e229f0b733a0329b183e4f55605a7ace31d7055",
        "parcel-at-door": "e45cd0451b1b8fabe44ccdadd103b263361abc844f4f11d2874c4a5cec938327",
        "red-car-evening": "ac5e22ec56d8a374b68880743570fa1d9cd2826a4fa9d0d658f2de8b2fe68ba4",
        "red-car-morning": "242669fe5ef557574447371553a6eca255e7158f0482342458160c49eefcfcba",
        "red-car-next-morning": "26982e324e94a44ac72c331f8d1e1812b00a5030bbc4f622a54cd4732c8300fb",
        "red-car-night": "e4729dfa8061e84b5de2e9c9272b9e9a4f9071e7f4c921d02e8f7d470d8d2e06",
        "street-night": "53b97980075a053586ca39f113b46e11983aeff732950729f7b1fbaf7e9bd2fc",
        "street-walkers-day": "e53f5fb9a1831e05262d1e5735d13627c72bfad05aba57549fcefced37d7a21d",
        "white-car-noon": "3fa321ed40039cc756c30ef97496c77e063c148035af7c591c92e81bc4fe98a4",
    ]
}
