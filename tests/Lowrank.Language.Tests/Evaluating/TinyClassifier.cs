using Lowrank.Formats;
using static TorchSharp.torch;

namespace Lowrank.Language.Tests;

/// <summary>The tiny Llama with a head for classes in place of that over the vocabulary.</summary>
static class TinyClassifier
{
    const int Hidden = 16;

    /// <summary>The model, loaded; its folder is gone.</summary>
    /// <param name="labels">Names of its classes; one alone is a score.</param>
    public static LanguageClassifier Load(params string[] labels)
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, labels);
        return LanguageClassifier.Load(folder.Path);
    }

    /// <summary>Writes the folder.</summary>
    public static void Write(string folder, params string[] labels)
    {
        TinyModel.Write(folder);
        string config = Path.Combine(folder, "config.json"), weights = Path.Combine(folder, "model.safetensors");
        string names = string.Join(", ", labels.Select((label, number) => $"\"{number}\": \"{label}\""));
        string text = File.ReadAllText(config).TrimEnd().TrimEnd('}');
        File.WriteAllText(config, text + $", \"architectures\": [\"LlamaForSequenceClassification\"], \"pad_token_id\": 301, \"id2label\": {{{names}}} }}");
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        using (var file = Safetensors.Open(weights))
            foreach (var stored in file.Tensors)
                if (stored.Name != "lm_head.weight") tensors[stored.Name] = file.Read(stored.Name).clone();
        tensors["score.weight"] = Head(labels.Length, seed: 3);
        File.Delete(weights);
        Safetensors.Save(weights, tensors);
    }

    /// <summary>A head of its own numbers.</summary>
    public static Tensor Head(int labels, long seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return randn([labels, Hidden], device: CPU, generator: generator);
    }
}
