namespace Lowrank.Adapters;

/// <summary>PEFT's methods with their keys. Source: PEFT 0.21.2.</summary>
static class PeftTypes
{
    /// <summary>All that are known here.</summary>
    public static IReadOnlyList<PeftType> All { get; } =
    [
        new("LORA", "lora",
            (".lora_A.weight", "down"), (".lora_B.weight", "up"), (".lora_B.bias", "up_bias"), (".lora_embedding_A", "down"), (".lora_embedding_B", "up"))
        {
            Alpha = "lora_alpha",
            Unsupported = ["use_qalora", "use_bdlora", "kasa_config", "alora_invocation_tokens", "layer_replication", "target_parameters", "arrow_config", "velora_config", "monteclora_config"],
        },
        new("OFT", "oft", (".oft_R.weight", "R"), (".oft_embedding_R.weight", "R")) { Rank = null },
        new("BOFT", "peft-boft", (".boft_R", "R"), (".boft_s", "s")) { Rank = null },
        new("VERA", "vera", (".vera_lambda_b", "lambda_b"), (".vera_lambda_d", "lambda_d"))
        {
            Shared = [("base_model.vera_A", "A"), ("base_model.vera_B", "B")], DefaultRank = 256,
        },
        new("ADALORA", "adalora", (".lora_A", "A"), (".lora_B", "B"), (".lora_E", "E")) { Rank = null, Alpha = "lora_alpha" },
        new("FOURIERFT", "fourierft", (".fourierft_spectrum", "spectrum")) { Rank = null },
        new("WAVEFT", "waveft", (".waveft_spectrum", "spectrum")) { Rank = null },
        new("HRA", "hra", (".hra_u", "u")),
        new("MISS", "miss", (".miss_block", "block")),
        new("VBLORA", "vblora",
            (".vblora_logits_A", "logits_A"), (".vblora_logits_B", "logits_B"),
            (".vblora_logits_A_topk_indices", "logits_A_topk_indices"), (".vblora_logits_A_topk_weights", "logits_A_topk_weights"),
            (".vblora_logits_B_topk_indices", "logits_B_topk_indices"), (".vblora_logits_B_topk_weights", "logits_B_topk_weights"))
        {
            Shared = [("base_model.vblora_vector_bank", "bank")],
        },
        new("RANDLORA", "randlora",
            (".randlora_lambda", "lambda"), (".randlora_gamma", "gamma"), (".randlora_A", "A"), (".randlora_B", "B"))
        {
            Shared = [("base_model.randlora_A", "A"), ("base_model.randlora_B", "B")], Alpha = "randlora_alpha", DefaultAlpha = 640, DefaultRank = 32,
        },
        new("LN_TUNING", "ln-tuning", (".ln_tuning_layers.weight", "weight"), (".ln_tuning_layers.bias", "bias")) { Rank = null },
        // modules_to_save, and trained biases of layers without an adapter.
        new("", "whole", (".weight", "weight"), (".bias", "bias"), (".modules_to_save.weight", "weight"), (".modules_to_save.bias", "bias")) { Rank = null },
    ];

    /// <summary>The type of that peft_type, or null.</summary>
    public static PeftType? Named(string name) => All.FirstOrDefault(type => type.Name == name);

    /// <summary>The type as which PEFT stores a method, or null.</summary>
    public static PeftType? Of(MethodDescriptor method) => All.FirstOrDefault(type => type.Method == (method.StoredAs ?? method).Name);
}
