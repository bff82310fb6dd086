//! What must come of the golden scenarios: changed only together with a version.

/// Run, what was looked at, and its digest.
pub(super) const PINNED: &[(&str, &str, &str)] = &[
    ("language [base], seed 1", "scenario", "82cc008c271d561d93d8d1e30c9f95cdef830f293235926adaa96f0e37bc599b"),
    ("language [base], seed 1", "counts", "76cc5b36cfd055c86665d9b3fa2fc984523c74203a26205b89542298b511fb6f"),
    ("language [base], seed 1", "rows", "e323283e82f10cb2d4dde847b99c0cb21cf051bf99f75f2f79b8e78ef39ed994"),
    ("language [base], seed 1", "chronicle", "c82a2a6134d82eaf4a9b9891345dd3403a0e23968de3002ba970393add28724f"),
    (
        "language [base], seed 18446744073709551615",
        "scenario",
        "82cc008c271d561d93d8d1e30c9f95cdef830f293235926adaa96f0e37bc599b",
    ),
    (
        "language [base], seed 18446744073709551615",
        "counts",
        "f06f577d5b2ab96e0353ce9c1a71815b86faecd491258ea542806ff73db64f09",
    ),
    (
        "language [base], seed 18446744073709551615",
        "rows",
        "f5a626a5c3d8397de5fc5965bffd42a52f2453c28f4e854a1d030f732afa7717",
    ),
    (
        "language [base], seed 18446744073709551615",
        "chronicle",
        "5ac52978d3c42c93b15de6e4a28a1262683d6090bb2fd9692255fc2ce10ba1b9",
    ),
    ("language [calm], seed 1", "scenario", "9a96e80def8f0305a6eba4f63dce3cb154cb9c17350c1d9d158e85dec53302b9"),
    ("language [calm], seed 1", "counts", "548b2c61e24612503696624efdd45a29c7f53bb9553cba56d5da6c420b0a0d05"),
    ("language [calm], seed 1", "rows", "474c6c732a1b8fe0881751561022d7cc27c9f70e1f0a135de7e71410fc276c9a"),
    ("language [calm], seed 1", "chronicle", "63a0f06ca7f4b9634a4d8b93269a29b00ca0649379f95ec514907fbae12a4a96"),
    (
        "language [calm], seed 18446744073709551615",
        "scenario",
        "9a96e80def8f0305a6eba4f63dce3cb154cb9c17350c1d9d158e85dec53302b9",
    ),
    (
        "language [calm], seed 18446744073709551615",
        "counts",
        "c7cd5b62fce4e9f65069e1265da6e49ea1d781421628db95882f8fca81e5a4c2",
    ),
    (
        "language [calm], seed 18446744073709551615",
        "rows",
        "48e866c52c336d800c24a82f11281d9853069504d98acedd73800bb987454df8",
    ),
    (
        "language [calm], seed 18446744073709551615",
        "chronicle",
        "f042b4b17044bd3be6570aa582e342ed84d06e8cfe16696a7372aa4e53b00612",
    ),
    ("numbers [base], seed 1", "scenario", "550932b4c3a0c014b9a2964f12b76732618c74cf85ce76b701787871fba6a310"),
    ("numbers [base], seed 1", "counts", "09889c778a4741f6b290a8065ec692f97346f474406a135cb6278ac247077125"),
    ("numbers [base], seed 1", "rows", "0a9cde9066eff4dd691706ddcd853ad3a6b2478ec73a39c016d7f562b34d73da"),
    ("numbers [base], seed 1", "chronicle", "c55e1a5e36cf481c0d33fda116a376f04ce9b60e30c46f9c2fc6bafdc5479c73"),
    (
        "numbers [base], seed 18446744073709551615",
        "scenario",
        "550932b4c3a0c014b9a2964f12b76732618c74cf85ce76b701787871fba6a310",
    ),
    (
        "numbers [base], seed 18446744073709551615",
        "counts",
        "605c2fc8accc5284ff520eefdca38fa21bacf9b2d311ab031edcba20938afa0c",
    ),
    (
        "numbers [base], seed 18446744073709551615",
        "rows",
        "7c6be745142dae6c9a085016c6bf16d8ba47208a02bdea9bdc864b45b3319eec",
    ),
    (
        "numbers [base], seed 18446744073709551615",
        "chronicle",
        "922dffb478f23a522a4604bffb66d86bb366ecc916d021afacb8149c1d05b91a",
    ),
    ("tutorial [base], seed 1", "scenario", "c0c91e4070ffe9d18fef96052efc5990d9e6da0f23a20e96cc5741dff319c2ae"),
    ("tutorial [base], seed 1", "counts", "84d42df4079467b8a1ec9a53609554867cbac51fa0186a7866055e78ded1648d"),
    ("tutorial [base], seed 1", "rows", "e01e685c87304bb958e771212d61d8727a24612e3aa04e567c8d8e66d75ff092"),
    ("tutorial [base], seed 1", "chronicle", "09079e8b12c5378edd6d4456168e3aa36847904f983acf76354a3a20db0b987b"),
    (
        "tutorial [base], seed 18446744073709551615",
        "scenario",
        "c0c91e4070ffe9d18fef96052efc5990d9e6da0f23a20e96cc5741dff319c2ae",
    ),
    (
        "tutorial [base], seed 18446744073709551615",
        "counts",
        "3a7477a547f160d1742fe2a3913bdc7a2a904bc64b4b7694dc2a51ad3ffbca4f",
    ),
    (
        "tutorial [base], seed 18446744073709551615",
        "rows",
        "5408f7cb76b7785d4602731aef72e92adb6a6c51796191296dbb5d5f9f69071f",
    ),
    (
        "tutorial [base], seed 18446744073709551615",
        "chronicle",
        "b0bd514426be64e120f0784dc8d2b3bf45ffb2133700ddcf100bca02cd7ab464",
    ),
    ("tutorial [bluff], seed 1", "scenario", "bee0987c9cb9cfa923e993c671c7c7cc2940fd5cff21ead621d0e5f44d9ae06c"),
    ("tutorial [bluff], seed 1", "counts", "3959967d4212d0f62ed82c8bb9db9f8bc7322223b5ae3d2fda635d2b90bd39b1"),
    ("tutorial [bluff], seed 1", "rows", "e8569b6aee0bd5b8d59e1a8c9934726e646dcafd9ff84c142f0c8a57d6fdb84d"),
    ("tutorial [bluff], seed 1", "chronicle", "1ad57a3b23ecfaf0f24ecdf48c39a132eed35e306f52cced559eae56d3758621"),
    (
        "tutorial [bluff], seed 18446744073709551615",
        "scenario",
        "bee0987c9cb9cfa923e993c671c7c7cc2940fd5cff21ead621d0e5f44d9ae06c",
    ),
    (
        "tutorial [bluff], seed 18446744073709551615",
        "counts",
        "2699397cdd703ba964643ba16fc7cf4a2084f8c4b201498d4b68ae3b2cfc8335",
    ),
    (
        "tutorial [bluff], seed 18446744073709551615",
        "rows",
        "032f7368f5a37dbdda4a3b73ebd32866eb1ae6d7ff3d4dc32eb612a79c3ff026",
    ),
    (
        "tutorial [bluff], seed 18446744073709551615",
        "chronicle",
        "07553f91f5d356cd33aa3e337404a02fe6d68c04a6173f42cacd3777fd04e239",
    ),
];
