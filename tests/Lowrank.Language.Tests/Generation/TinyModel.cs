using Lowrank.Formats;
using static TorchSharp.torch;

namespace Lowrank.Language.Tests;

/// <summary>A Llama of a few thousand random weights with a byte-level tokenizer, as a folder on disk and loaded.</summary>
static class TinyModel
{
    const int Vocabulary = 303, Hidden = 16, Inner = 24, Layers = 2, Heads = 4, KeyHeads = 2;

    /// <summary>A template that ends each turn by a token of its own, which no other file names.</summary>
    public const string Template = "{% for m in messages %}<user>{{ m.role }}:{{ m.content }}<begin>{% endfor %}" +
        "{% if add_generation_prompt %}<user>assistant:{% endif %}";

    /// <summary>Writes the folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="window">How far back layers see; null for all.</param>
    /// <param name="context">The longest row.</param>
    /// <param name="generation">Text of generation_config.json; null for no such file.</param>
    public static void Write(string folder, int? window = null, int context = 2048, string? generation = null)
    {
        Directory.CreateDirectory(folder);
        string slides = window is { } size ? $", \"sliding_window\": {size}" : "";
        File.WriteAllText(Path.Combine(folder, "config.json"), $$"""
            {"model_type": "{{(window is null ? "llama" : "mistral")}}", "vocab_size": {{Vocabulary}}, "hidden_size": {{Hidden}},
             "intermediate_size": {{Inner}}, "num_hidden_layers": {{Layers}}, "num_attention_heads": {{Heads}},
             "num_key_value_heads": {{KeyHeads}}, "max_position_embeddings": {{context}}, "eos_token_id": 300{{slides}} }
            """);
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), TinyTokenizers.ByteLevelJson());
        File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), Template);
        if (generation is not null) File.WriteAllText(Path.Combine(folder, "generation_config.json"), generation);
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        Safetensors.Save(Path.Combine(folder, "model.safetensors"), Weights(generator));
    }

    static Dictionary<string, Tensor> Weights(Generator generator)
    {
        int head = Hidden / Heads;
        var weights = new Dictionary<string, Tensor>
        {
            ["model.embed_tokens.weight"] = Random(Vocabulary, Hidden),
            ["model.norm.weight"] = ones([Hidden], device: CPU),
            ["lm_head.weight"] = Random(Vocabulary, Hidden),
        };
        for (int layer = 0; layer < Layers; layer++)
        {
            string at = $"model.layers.{layer}.";
            weights[at + "self_attn.q_proj.weight"] = Random(Hidden, Hidden);
            weights[at + "self_attn.k_proj.weight"] = Random(KeyHeads * head, Hidden);
            weights[at + "self_attn.v_proj.weight"] = Random(KeyHeads * head, Hidden);
            weights[at + "self_attn.o_proj.weight"] = Random(Hidden, Hidden);
            weights[at + "mlp.gate_proj.weight"] = Random(Inner, Hidden);
            weights[at + "mlp.up_proj.weight"] = Random(Inner, Hidden);
            weights[at + "mlp.down_proj.weight"] = Random(Hidden, Inner);
            weights[at + "input_layernorm.weight"] = ones([Hidden], device: CPU);
            weights[at + "post_attention_layernorm.weight"] = ones([Hidden], device: CPU);
        }
        return weights;

        Tensor Random(params long[] shape) => randn(shape, device: CPU, generator: generator) * 0.6;
    }

    /// <summary>The model, loaded; its folder is gone.</summary>
    public static LanguageModel Load(int? window = null, int context = 2048, string? generation = null)
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, window, context, generation);
        return LanguageModel.Load(folder.Path);
    }

    /// <summary>What a model makes of a prompt.</summary>
    public static GeneratedText Written(this LanguageModel model, string prompt, GenerationOptions? options = null) =>
        model.Generate(prompt, options, TestContext.Current.CancellationToken);

    /// <summary>The same of a prompt's tokens.</summary>
    public static GeneratedText Written(this LanguageModel model, int[] prompt) =>
        model.Generate(prompt, cancel: TestContext.Current.CancellationToken);

    /// <summary>Options of draws that no end token ends.</summary>
    public static GenerationOptions Drawn(int tokens, long seed, double temperature = 1) =>
        new GenerationOptions { Seed = seed, IgnoresEnd = true }.AtMost(tokens).Sampled(temperature);

    /// <summary>Options of the likeliest tokens, which no end token ends.</summary>
    public static GenerationOptions Likeliest(int tokens) => new GenerationOptions { IgnoresEnd = true }.AtMost(tokens);
}
