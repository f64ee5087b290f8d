using System.Text.RegularExpressions;

namespace Lowrank.Models;

/// <summary>
/// Language models by what their layers are called. Many families share their names, so that a file tells a group of them, and a family is
/// told by the names of its group.
/// </summary>
public static partial class LanguageFamilies
{
    static readonly IReadOnlyList<(ModelFamily Group, string[] Families)> groups =
    [
        (Group("gpt2-like", "GPT-2", Gpt2()), ["gpt2"]),
        (Group("llama-like", "Llama or alike (Mistral, Qwen, Gemma)", Llama()),
        [
            "llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "smollm3", "granite", "olmo2", "cohere", "starcoder2",
            "mixtral", "qwen2_moe", "qwen3_moe", "gpt_oss", "phi",
        ]),
        (Group("experts", "a model of experts (Mixtral, Qwen-MoE, gpt-oss)", Experts()), ["mixtral", "qwen2_moe", "qwen3_moe", "gpt_oss"]),
        (Group("phi-like", "Phi", Phi()), ["phi"]),
        (Group("phi3-like", "Phi-3", Phi3()), ["phi3"]),
        (Group("starcoder2-like", "StarCoder 2", Starcoder2()), ["starcoder2"]),
        (Group("opt-like", "OPT", Opt()), ["opt"]),
        (Group("neox-like", "GPT-NeoX or Pythia", GptNeoX()), ["gpt_neox"]),
        (Group("falcon-like", "Falcon", Falcon()), ["falcon"]),
        (Group("bert-like", "BERT or alike (RoBERTa, DeBERTa)", Bert()), ["bert", "roberta", "deberta-v2"]),
        (Group("distilbert-like", "DistilBERT", DistilBert()), ["distilbert"]),
        (Group("modernbert-like", "ModernBERT", ModernBert()), ["modernbert"]),
        (Group("t5-like", "T5", T5()), ["t5"]),
    ];

    /// <summary>The groups; the first that is told counts.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } = [.. groups.Select(one => one.Group)];

    /// <summary>A family by its <c>model_type</c>.</summary>
    /// <param name="name">As config.json has it.</param>
    /// <param name="title">Its name for people.</param>
    public static ModelFamily Of(string name, string title)
    {
        var own = groups.Where(one => one.Families.Contains(name)).Select(one => one.Group).ToList();
        return new(name) { Title = title, IsToldBy = (key, shape) => own.Exists(group => group.IsToldBy(key, shape)) };
    }

    static ModelFamily Group(string name, string title, Regex layers) => new(name)
    {
        Title = title, IsToldBy = (key, _) => layers.IsMatch(key),
    };

    // PEFT's beginning, or none. Text encoders of pictures' models have the same names below other beginnings.
    const string Start = @"^(base_model\.model\.)?";

    [GeneratedRegex(Start + @"(transformer\.)?h\.\d+\.(attn|mlp)\.c_")]
    private static partial Regex Gpt2();

    [GeneratedRegex(Start + @"(model\.)*layers\.\d+\.(self_attn\.[qkvo]_proj|mlp\.(gate|up|down)_proj)\.")]
    private static partial Regex Llama();

    [GeneratedRegex(Start + @"(model\.)*layers\.\d+\.(mlp|block_sparse_moe)\.(experts|gate|router|shared_expert)[._]")]
    private static partial Regex Experts();

    [GeneratedRegex(Start + @"(model\.)*layers\.\d+\.(self_attn\.dense|mlp\.fc[12])\.")]
    private static partial Regex Phi();

    [GeneratedRegex(Start + @"(model\.)*layers\.\d+\.(self_attn\.qkv_proj|mlp\.gate_up_proj)\.")]
    private static partial Regex Phi3();

    [GeneratedRegex(Start + @"(model\.)*layers\.\d+\.mlp\.c_(fc|proj)\.")]
    private static partial Regex Starcoder2();

    [GeneratedRegex(Start + @"(model\.)*decoder\.layers\.\d+\.(self_attn|fc)")]
    private static partial Regex Opt();

    [GeneratedRegex(Start + @"(gpt_neox\.)?layers\.\d+\.(attention\.(query_key_value|dense)|mlp\.dense_)")]
    private static partial Regex GptNeoX();

    [GeneratedRegex(Start + @"(transformer\.)?h\.\d+\.(self_attention|mlp\.dense_)")]
    private static partial Regex Falcon();

    [GeneratedRegex(Start + @"((bert|roberta|deberta)\.)?encoder\.layer\.\d+\.")]
    private static partial Regex Bert();

    [GeneratedRegex(Start + @"(distilbert\.)?transformer\.layer\.\d+\.")]
    private static partial Regex DistilBert();

    [GeneratedRegex(Start + @"(model\.)?layers\.\d+\.(attn\.W|mlp\.W)[io]")]
    private static partial Regex ModernBert();

    [GeneratedRegex(Start + @"(encoder|decoder)\.block\.\d+\.layer\.\d+\.")]
    private static partial Regex T5();
}
