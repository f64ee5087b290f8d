using Lowrank.Language;
using Lowrank.Models;

namespace Lowrank.Stranger.Tests;

/// <summary>One of the goldens' tiny models as a GGUF file of ours.</summary>
sealed class TinyModel : IDisposable
{
    static string Data => Path.Combine(GoldenFolder.Root, "language", "gguf2");

    readonly TemporaryFolder folder = new();

    /// <param name="name">Its name.</param>
    /// <param name="type">The kind of file: F32, F16.</param>
    public TinyModel(string name, string type)
    {
        GgufPath = folder["model.gguf"];
        GgufModels.Write(Path.Combine(Data, "hf", name), GgufPath, QuantizedFileType.Named(type));
        Model = LanguageModels.Load<CausalModel>(GgufPath, new Torch.Layers.Storage(ScalarType.Float32));
        using var expected = Safetensors.Open(Path.Combine(Data, "expected.safetensors"));
        using var ids = expected.Read($"{name}.input_ids");
        Tokens = [.. ids.reshape(-1).data<long>().Select(id => (int)id)];
    }

    public string GgufPath { get; }

    public CausalModel Model { get; }

    public int[] Tokens { get; }

    /// <summary>A path beside the file.</summary>
    public string Beside(string name) => folder[name];

    /// <summary>Our logits of the row.</summary>
    public float[] Logits(IReadOnlyList<int> tokens)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var ids = tensor([.. tokens.Select(token => (long)token)], dtype: ScalarType.Int64, device: CPU).reshape(1, tokens.Count);
        return [.. Model.Logits(Model.Run(new(ids)).Hidden).reshape(-1).data<float>()];
    }

    public void Dispose()
    {
        Model.Dispose();
        folder.Dispose();
    }
}
