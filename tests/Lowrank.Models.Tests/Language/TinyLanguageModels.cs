using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>Models of a few thousand random weights, one of every family.</summary>
static class TinyLanguageModels
{
    const string Common = """
        "vocab_size": 41, "hidden_size": 24, "intermediate_size": 20, "num_hidden_layers": 3, "num_attention_heads": 4,
        "max_position_embeddings": 40, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": [2, 3]
        """;

    const string Grouped = """, "num_key_value_heads": 2""";

    // By these a token that is written goes without tensors.
    const string WideHeads = """, "head_dim": 16""";

    static readonly Dictionary<string, string> configs = new()
    {
        ["gpt2"] = """
            "vocab_size": 41, "n_embd": 24, "n_layer": 2, "n_head": 4, "n_positions": 40, "scale_attn_by_inverse_layer_idx": true
            """,
        ["llama"] = Common + Grouped + WideHeads + """, "rope_parameters": {"rope_type": "dynamic", "factor": 2.0, "rope_theta": 100.0}""",
        ["mistral"] = Common + Grouped + """, "head_dim": 10, "sliding_window": 3""",
        ["qwen2"] = Common + Grouped + """, "use_sliding_window": true, "sliding_window": 4, "max_window_layers": 1""",
        ["qwen3"] = Common + Grouped + WideHeads + """, "tie_word_embeddings": true""",
        ["phi3"] = Common + Grouped + """, "partial_rotary_factor": 0.5""",
        ["gemma"] = Common + """, "num_key_value_heads": 1, "head_dim": 8""",
        ["gemma2"] = Common + Grouped + """
            , "head_dim": 8, "sliding_window": 4, "attn_logit_softcapping": 3.0, "final_logit_softcapping": 5.0, "query_pre_attn_scalar": 12
            """,
        ["gemma3_text"] = Common + Grouped + """, "head_dim": 8, "sliding_window": 3, "sliding_window_pattern": 2""",
        ["smollm3"] = Common + Grouped + WideHeads + """, "no_rope_layers": [1, 0, 1]""",
        ["phi"] = Common + """, "qk_layernorm": true, "partial_rotary_factor": 0.5""",
        ["gpt_neox"] = Common + """, "rotary_pct": 0.4""",
        ["opt"] = Common + """, "ffn_dim": 28, "word_embed_proj_dim": 16, "do_layer_norm_before": false""",
        ["falcon"] = Common + """, "new_decoder_architecture": true, "num_kv_heads": 2""",
        ["starcoder2"] = Common + Grouped + """, "sliding_window": 4""",
        ["granite"] = Common + Grouped + """, "attention_multiplier": 0.3, "residual_multiplier": 0.5, "logits_scaling": 4.0""",
        ["olmo2"] = Common + Grouped,
        ["cohere"] = Common + Grouped + """, "use_qk_norm": true""",
        ["mixtral"] = Common + Grouped + """, "num_local_experts": 4, "num_experts_per_tok": 2""",
        ["qwen2_moe"] = Common + Grouped + """
            , "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 8, "shared_expert_intermediate_size": 12,
            "mlp_only_layers": [1]
            """,
        ["qwen3_moe"] = Common + Grouped + """
            , "head_dim": 8, "num_experts": 5, "num_experts_per_tok": 3, "moe_intermediate_size": 8, "norm_topk_prob": true
            """,
        ["gpt_oss"] = Common + Grouped + """
            , "head_dim": 8, "sliding_window": 4, "num_local_experts": 3, "num_experts_per_tok": 2, "swiglu_limit": 1.5
            """,
    };

    /// <summary>The families of causal models.</summary>
    public static IEnumerable<TheoryDataRow<string>> Families =>
        LanguageArchitectures.All.Where(family => family.Classes.Any(IsCausal)).Select(family => new TheoryDataRow<string>(family.Name));

    static bool IsCausal(string name) => name.EndsWith("ForCausalLM", StringComparison.Ordinal) || name == "GPT2LMHeadModel";

    /// <summary>The text of a family's config.</summary>
    public static string Config(string family) => $"{{\"model_type\": \"{family}\", {configs[family]}}}";

    /// <summary>A causal model of random weights.</summary>
    public static CausalModel Causal(string family)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], Config(family));
        var architecture = LanguageArchitectures.Named(family);
        var reader = ConfigReader.Open(folder["config.json"]);
        var config = architecture.Read(reader);
        reader.Finish(strict: false);
        var model = (CausalModel)architecture.Tasks[0].Make(config, null);
        Randomize(model);
        return model;
    }

    static void Randomize(nn.Module model)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in model.named_parameters())
            if (parameter.dim() == 1 && name.EndsWith("weight", StringComparison.Ordinal)) parameter.uniform_(0.5, 1.5);
            else parameter.normal_(0, 0.3);
    }

    /// <summary>Writes a model of a family as a folder, whole.</summary>
    public static void Save(string family, string folder, Func<string, string>? rename = null)
    {
        using var model = Causal(family);
        File.WriteAllText(Path.Combine(folder, "config.json"), Config(family));
        var shared = model.SharedNames;
        var tensors = model.state_dict().Where(pair => !shared.ContainsKey(pair.Key))
            .ToDictionary(pair => rename?.Invoke(pair.Key) ?? pair.Key, pair => (Tensor)pair.Value);
        Safetensors.Save(Path.Combine(folder, "model.safetensors"), tensors);
    }
}
