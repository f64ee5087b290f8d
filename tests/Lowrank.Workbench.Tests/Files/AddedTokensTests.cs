namespace Lowrank.Workbench.Tests;

/// <summary>Factors of a table tell how many tokens it had; those of its width tell nothing of that.</summary>
public sealed class AddedTokensTests : IDisposable
{
    const int Vocabulary = 24, Width = 32;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // A Llama of fewer tokens than its rows are wide.
    string Model()
    {
        Directory.CreateDirectory(folder["model"]);
        File.WriteAllText(Path.Combine(folder["model"], "config.json"), $$"""
            {"model_type": "llama", "vocab_size": {{Vocabulary}}, "hidden_size": {{Width}}, "intermediate_size": 8, "num_hidden_layers": 1,
             "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 64, "tie_word_embeddings": true}
            """);
        const string Layer = "model.layers.0.";
        var weights = new Dictionary<string, Tensor>
        {
            ["model.embed_tokens.weight"] = ones(Vocabulary, Width), ["model.norm.weight"] = ones(Width),
            [$"{Layer}mlp.gate_proj.weight"] = ones(8, Width), [$"{Layer}mlp.up_proj.weight"] = ones(8, Width),
            [$"{Layer}mlp.down_proj.weight"] = ones(Width, 8),
            [$"{Layer}input_layernorm.weight"] = ones(Width), [$"{Layer}post_attention_layernorm.weight"] = ones(Width),
        };
        foreach (string part in new[] { "q", "k", "v", "o" }) weights[$"{Layer}self_attn.{part}_proj.weight"] = ones(Width, Width);
        Safetensors.Save(Path.Combine(folder["model"], "model.safetensors"), weights);
        return folder["model"];
    }

    string Adapter(int tokens)
    {
        const string Table = "base_model.model.model.embed_tokens.lora_embedding_";
        Directory.CreateDirectory(folder["adapter"]);
        Safetensors.Save(Path.Combine(folder["adapter"], "adapter_model.safetensors"),
            new Dictionary<string, Tensor> { [Table + "A"] = ones(2, tokens), [Table + "B"] = ones(Width, 2) });
        File.WriteAllText(Path.Combine(folder["adapter"], "adapter_config.json"),
            """{"peft_type": "LORA", "r": 2, "lora_alpha": 2, "target_modules": ["embed_tokens"]}""");
        return folder["adapter"];
    }

    [Fact]
    public void AWidthAboveTheTokensIsNoCountOfTokens()
    {
        using var scope = NewDisposeScope();
        string model = Model();
        Assert.Null(AddedTokens.NeededFor(model, [Adapter(Vocabulary)]));
        var error = Assert.Throws<LowrankException>(() => AddedTokens.NeededFor(model, [Adapter(Vocabulary + 3)]));
        Assert.Contains($"trained on a model of {Vocabulary + 3} tokens", error.Message);
    }
}
