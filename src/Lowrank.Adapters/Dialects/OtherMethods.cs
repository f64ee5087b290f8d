namespace Lowrank.Adapters;

/// <summary>Names in keys that tell of a method which is not in <see cref="Methods.All"/>: for an error that says so.</summary>
static class OtherMethods
{
    static readonly (string Mark, string Method)[] marks =
    [
        ("hada_", "LoHa"), ("lokr_", "LoKr"), ("oft_", "OFT"), (".rescale", "OFT"), (".on_input", "(IA)³"),
        (".a1.weight", "GLoRA"), (".a2.weight", "GLoRA"), (".b1.weight", "GLoRA"), (".b2.weight", "GLoRA"), (".diff_b", "full"), (".diff", "full"),
        (".w_norm", "norm"), (".b_norm", "norm"), (".lora_up_list", "DyLoRA"), ("bundle_emb.", "bundled embeddings"),
    ];

    /// <summary>The method that a key tells of, or null.</summary>
    public static string? Of(string key) => marks.FirstOrDefault(m => key.Contains(m.Mark, StringComparison.Ordinal)).Method;
}
