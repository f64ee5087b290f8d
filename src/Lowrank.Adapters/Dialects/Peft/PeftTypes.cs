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
        new("VERA", "vera", (".vera_lambda_b", "lambda_b"), (".vera_lambda_d", "lambda_d"))
        {
            Shared = [("base_model.vera_A", "A"), ("base_model.vera_B", "B")], DefaultRank = 256,
        },
    ];

    /// <summary>The type of that peft_type, or null.</summary>
    public static PeftType? Named(string name) => All.FirstOrDefault(type => type.Name == name);

    /// <summary>The type as which PEFT stores a method, or null.</summary>
    public static PeftType? Of(MethodDescriptor method) => All.FirstOrDefault(type => type.Method == (method.StoredAs ?? method).Name);
}
