using Lowrank.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Lowrank.Models.Tests;

/// <summary>Encoders, and T5, of a few thousand random weights.</summary>
static class TinyEncoders
{
    const string Common = """
        "vocab_size": 41, "hidden_size": 24, "intermediate_size": 20, "num_hidden_layers": 3, "num_attention_heads": 4,
        "max_position_embeddings": 40
        """;

    static readonly Dictionary<string, string> configs = new()
    {
        ["bert"] = Common + """, "pad_token_id": 0, "type_vocab_size": 2""",
        ["roberta"] = Common + """, "pad_token_id": 1, "type_vocab_size": 1""",
        ["distilbert"] = """
            "vocab_size": 41, "dim": 24, "hidden_dim": 20, "n_layers": 3, "n_heads": 4, "max_position_embeddings": 40, "pad_token_id": 0
            """,
        ["deberta-v2"] = Common + """
            , "pad_token_id": 0, "type_vocab_size": 0, "relative_attention": true, "position_buckets": 4, "norm_rel_ebd": "layer_norm",
            "pos_att_type": "c2p|p2c", "position_biased_input": false, "conv_kernel_size": 3, "conv_act": "gelu"
            """,
        ["modernbert"] = Common + """
            , "pad_token_id": 0, "local_attention": 5, "global_attn_every_n_layers": 2, "attention_bias": true, "norm_bias": true
            """,
        ["t5"] = """
            "vocab_size": 41, "d_model": 24, "d_kv": 5, "d_ff": 20, "num_layers": 2, "num_decoder_layers": 3, "num_heads": 3,
            "relative_attention_num_buckets": 6, "relative_attention_max_distance": 9, "feed_forward_proj": "gated-gelu",
            "pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0
            """,
    };

    /// <summary>The families of encoders.</summary>
    public static IEnumerable<TheoryDataRow<string>> Families =>
        LanguageArchitectures.All.Where(family => family.States is not null).Select(family => new TheoryDataRow<string>(family.Name));

    /// <summary>Every class of every family, T5's too.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Classes =>
        from family in LanguageArchitectures.All
        where configs.ContainsKey(family.Name)
        from name in family.Classes
        select new TheoryDataRow<string, string>(family.Name, name);

    /// <summary>The text of a family's config.</summary>
    public static string Config(string family, string name) =>
        $"{{\"model_type\": \"{family}\", \"architectures\": [\"{name}\"], {configs[family]}}}";

    /// <summary>A model of random weights.</summary>
    public static TModel Model<TModel>(string family, string? name = null) where TModel : LanguageNetwork
    {
        var architecture = LanguageArchitectures.Named(family);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], Config(family, name ?? architecture.Classes[0]));
        var reader = ConfigReader.Open(folder["config.json"]);
        var config = architecture.Read(reader);
        reader.Finish(strict: false);
        var model = (TModel)architecture.Tasks.First(task => task.Class == (name ?? task.Class)).Make(config, null);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (path, parameter) in model.named_parameters())
            if (parameter.dim() == 1 && path.EndsWith("weight", StringComparison.Ordinal)) parameter.uniform_(0.5, 1.5);
            else parameter.normal_(0, 0.3);
        return model;
    }

    /// <summary>Writes a model as a folder.</summary>
    public static void Save(LanguageNetwork model, string family, string folder, Func<string, string>? rename = null)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), Config(family, model.GetName()));
        var tensors = model.state_dict().Where(pair => !model.SharedNames.ContainsKey(pair.Key))
            .ToDictionary(pair => rename?.Invoke(pair.Key) ?? pair.Key, pair => (Tensor)pair.Value);
        Safetensors.Save(Path.Combine(folder, "model.safetensors"), tensors);
    }
}
