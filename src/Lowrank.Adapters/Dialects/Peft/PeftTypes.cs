namespace Lowrank.Adapters;

/// <summary>PEFT's methods with their keys. Source: PEFT 0.21.2.</summary>
static class PeftTypes
{
    /// <summary>All that are known here.</summary>
    public static IReadOnlyList<PeftType> All { get; } =
    [
        new("LORA", "lora",
            (PeftSpelling.Down, "down"), (PeftSpelling.Up, "up"), (".lora_B.bias", "up_bias"),
            (".lora_embedding_A", "down"), (".lora_embedding_B", "up"))
        {
            Alpha = "lora_alpha", Patterns = [("r", "rank_pattern"), ("lora_alpha", "alpha_pattern")],
            Fields = new Dictionary<string, string> { ["use_tucker"] = "", ["init"] = "" },
            TellsTransposed = true,
            Defaults = new Dictionary<string, object?>
            {
                ["bias"] = "none", ["exclude_modules"] = null, ["init_lora_weights"] = true, ["layers_pattern"] = null,
                ["layers_to_transform"] = null, ["lora_bias"] = false, ["lora_dropout"] = 0.0, ["modules_to_save"] = null,
                ["use_dora"] = false, ["use_rslora"] = false, ["alpha_pattern"] = new Dictionary<string, object?>(),
                ["rank_pattern"] = new Dictionary<string, object?>(),
            },
            Unsupported =
            [
                "use_qalora", "use_bdlora", "kasa_config", "layer_replication", "arrow_config", "velora_config", "monteclora_config",
            ],
        },
        new("LOHA", "loha",
            (".hada_w1_a", "w1a"), (".hada_w1_b", "w1b"), (".hada_t1", "t1"),
            (".hada_w2_a", "w2a"), (".hada_w2_b", "w2b"), (".hada_t2", "t2"))
        {
            Alpha = "alpha", Patterns = [("r", "rank_pattern"), ("alpha", "alpha_pattern")],
            Fields = new Dictionary<string, string> { ["use_tucker"] = "use_effective_conv2d" },
        },
        new("LOKR", "lokr",
            (".lokr_w1", "w1"), (".lokr_w1_a", "w1a"), (".lokr_w1_b", "w1b"),
            (".lokr_w2", "w2"), (".lokr_w2_a", "w2a"), (".lokr_w2_b", "w2b"), (".lokr_t2", "t2"))
        {
            Alpha = "alpha", Patterns = [("r", "rank_pattern"), ("alpha", "alpha_pattern")],
            Fields = new Dictionary<string, string>
            {
                ["use_tucker"] = "", ["factor"] = "", ["decompose_both"] = "", ["full_matrix"] = "", ["unbalanced_factorization"] = "",
            },
        },
        // 1 + w, in columns or rows; the config tells which layers scale their input.
        new("IA3", "ia3", (".ia3_l", "weight"), (".on_input", "on_input"))
        {
            TellsTransposed = true,
            Rank = null, PartInConfig = "on_input",
            Fields = new Dictionary<string, string> { ["train_on_input"] = "", ["scale_bias"] = "" },
            Write = static (made, _, value) => (value + 1).reshape(ScalesShape(made, value)),
        },
        new("OFT", "oft", (".oft_R.weight", "R"), (".oft_embedding_R.weight", "R"))
        {
            Rank = null, TellsTransposed = true, Defaults = new Dictionary<string, object?> { ["bias"] = "none" },
        },
        new("BOFT", "peft-boft", (".boft_R", "R"), (".boft_s", "s")) { Rank = null, TellsTransposed = true },
        new("VERA", "vera", (".vera_lambda_b", "lambda_b"), (".vera_lambda_d", "lambda_d"))
        {
            TellsTransposed = true,
            Shared = new(("A", "base_model.vera_A"), ("B", "base_model.vera_B")),
        },
        new("ADALORA", "adalora", (".lora_A", "A"), (".lora_B", "B"), (".lora_E", "E"))
        {
            Rank = null, Alpha = "lora_alpha", TellsTransposed = true,
            Unsupported =
            [
                "use_qalora", "use_bdlora", "kasa_config", "alora_invocation_tokens", "layer_replication", "target_parameters",
                "arrow_config", "velora_config", "monteclora_config",
            ],
        },
        new("FOURIERFT", "fourierft", (".fourierft_spectrum", "spectrum"))
        {
            TellsTransposed = true,
            Rank = null, Patterns = [("n_frequency", "n_frequency_pattern")],
        },
        new("WAVEFT", "waveft", (".waveft_spectrum", "spectrum"))
        {
            Rank = null, Patterns = [("n_frequency", "n_frequency_pattern")], TellsTransposed = true,
        },
        new("HRA", "hra", (".hra_u", "u")),
        new("MISS", "miss", (".miss_block", "block")),
        new("VBLORA", "vblora",
            (".vblora_logits_A", "logits_A"), (".vblora_logits_B", "logits_B"),
            (".vblora_logits_A_topk_indices", "logits_A_topk_indices"), (".vblora_logits_A_topk_weights", "logits_A_topk_weights"),
            (".vblora_logits_B_topk_indices", "logits_B_topk_indices"), (".vblora_logits_B_topk_weights", "logits_B_topk_weights"))
        {
            TellsTransposed = true,
            Shared = new(("bank", "base_model.vblora_vector_bank")),
        },
        new("RANDLORA", "randlora",
            (".randlora_lambda", "lambda"), (".randlora_gamma", "gamma"), (".randlora_A", "A"), (".randlora_B", "B"))
        {
            TellsTransposed = true,
            Shared = new(("A", "base_model.randlora_A"), ("B", "base_model.randlora_B")),
            Alpha = "randlora_alpha", DefaultAlpha = 640,
        },
        new("LN_TUNING", "ln-tuning", (".ln_tuning_layers.weight", "weight"), (".ln_tuning_layers.bias", "bias")) { Rank = null },
        new("PVERA", "pvera", (".pvera_lambda_b", "lambda_b"), (".pvera_lambda_d", "lambda_d"))
        {
            TellsTransposed = true, Unsupported = ["sample_at_inference"],
            Shared = new(("A", "base_model.pvera_A"), ("B", "base_model.pvera_B")),
        },
        new("GLORA", "peft-glora",
            (".glora_A.Xd", "A.Xd"), (".glora_A.Xu", "A.Xu"), (".glora_A.X", "A.X"),
            (".glora_B.Xd", "B.Xd"), (".glora_B.Xu", "B.Xu"), (".glora_B.X", "B.X"),
            (".glora_C.Xd", "C.Xd"), (".glora_C.Xu", "C.Xu"), (".glora_C.X", "C.X"),
            (".glora_D.X", "D.X"), (".glora_E.X", "E.X")),
        new("SHIRA", "shira", (".shira_weight", "weight"), (".shira_indices", "indices")) { TellsTransposed = true },
        new("HIRA", "hira", (".hira_A", "A"), (".hira_B", "B"), (".hira_embedding_A", "A"), (".hira_embedding_B", "B"))
        {
            TellsTransposed = true,
            Patterns = [("r", "rank_pattern")],
        },
        new("DELORA", "delora", (".delora_A", "A"), (".delora_B", "B"), (".delora_lambda", "lambda"), (".delora_w_norm", "w_norm"))
        {
            Patterns = [("r", "rank_pattern"), ("delora_lambda", "lambda_pattern")],
        },
        new("C3A", "c3a", (".c3a_kernel", "kernel")) { Rank = null, Patterns = [("block_size", "block_size_pattern")] },
        new("ROAD", "road", (".road_theta", "theta"), (".road_alpha", "alpha_scale")) { Rank = null },
        new("GRALORA", "gralora",
            (".gralora_A", "A"), (".gralora_B", "B"),
            (".gralora_A_general.weight", "A_general"), (".gralora_B_general.weight", "B_general"))
        {
            TellsTransposed = true,
            Alpha = "alpha", DefaultAlpha = 64,
        },
        new("TRAINABLE_TOKENS", "trainable-tokens",
            (".trainable_tokens_delta", "rows"), (".token_adapter.trainable_tokens_delta", "rows"), (".tokens", "tokens"))
        {
            Rank = null, PartInConfig = "tokens",
        },
        new("PSOFT", "psoft",
            (".psoft_R.weight", "R"), (".psoft_R.vector_b", "vector_b"), (".psoft_R.vector_a", "vector_a"),
            ("._psoft_A_cache", "A_cache"), ("._psoft_B_cache", "B_cache"))
        {
            TellsTransposed = true,
            Alpha = "psoft_alpha", DefaultAlpha = 32,
        },
        new("TINYLORA", "tinylora", (".tinylora_A", "A"), (".tinylora_B", "B"), (".tinylora_P", "P"))
        {
            TellsTransposed = true,
            Shared = new(("v.{}", "base_model.tinylora_v.{}")),
        },
        new("DEFT", "deft", (".deft_P", "P"), (".deft_R", "R")) { TellsTransposed = true },
        new("OSF", "osf", (".osf_svd_params.U_low", "U"), (".osf_svd_params.S_low", "S"), (".osf_svd_params.V_low", "V"))
        {
            Rank = null,
        },
        new("UNILORA", "unilora",
            (".unilora_indices_A", "indices_A"), (".unilora_indices_B", "indices_B"),
            (".unilora_scales_A", "scales_A"), (".unilora_scales_B", "scales_B"))
        {
            TellsTransposed = true,
            Shared = new(("theta", "base_model.unilora_theta_d")),
        },
        new("LILY", "lily", (".lily_A.weight", "A"), (".lily_B.weight", "B"), (".lily_router.weight", "router")),
        new("BEFT", "beft", (".beft_bias", "bias_change")) { Rank = null },
        // modules_to_save, and trained biases of layers without an adapter.
        new("", "whole",
            (".weight", "weight"), (".bias", "bias"), (".modules_to_save.weight", "weight"), (".modules_to_save.bias", "bias"))
        {
            Rank = null,
        },
        // Virtual tokens, and whole modules beside them.
        .. PeftPrompts.Types.Select(name => new PeftType(name, "whole") { Rank = null, Shared = new() }),
    ];

    // Scales stand as a column over outputs, or as a row over inputs.
    static long[] ScalesShape(Reparameterization made, Tensor value)
    {
        if (made.Target.IsConvolution) return value.shape;
        return ((Ia3)made).OnInput ? [1, -1] : [-1, 1];
    }

    /// <summary>The type of that peft_type, or null.</summary>
    public static PeftType? Named(string name) => All.FirstOrDefault(type => type.Name == name);

    /// <summary>The type as which PEFT stores a method, or null.</summary>
    public static PeftType? Of(MethodDescriptor method)
    {
        string stored = (method.StoredAs ?? method).Name;
        return All.FirstOrDefault(type => type.Method == stored);
    }
}
