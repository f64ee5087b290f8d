using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>What every case of the language goldens tells: a folder and what lies in it, the tensors that are expected, and how near.</summary>
class LanguageCaseFacts(string folder, JsonElement json, string? expectedFile = null) : IDisposable
{
    readonly ITensorFile expected = Safetensors.Open(Path.Combine(folder, expectedFile ?? json.GetProperty("expected").GetString()!));

    public string Name => json.TryGetProperty("name", out var name) ? name.GetString()! : Path.GetFileName(folder);

    /// <summary>The folder of the group.</summary>
    public string Root => folder;

    public JsonElement Json => json;

    /// <summary>The file or folder that a field names.</summary>
    public string PathOf(string field) => Path.Combine(folder, json.GetProperty(field).GetString()!);

    public bool Has(string tensor) => expected.Tensors.Any(one => one.Name == tensor);

    public Tensor Read(string tensor) => expected.Read(tensor);

    /// <summary>The tensor that a field names.</summary>
    public Tensor ReadNamed(string field) => Read(json.GetProperty(field).GetString()!);

    public IEnumerable<string> Names(string prefix = "") =>
        expected.Tensors.Select(one => one.Name).Where(one => one.StartsWith(prefix, StringComparison.Ordinal));

    public double Tolerance(string field) => json.GetProperty("tolerance").GetProperty(field).GetDouble();

    public double Tolerance(string field, double otherwise) =>
        json.TryGetProperty("tolerance", out var told) && told.TryGetProperty(field, out _) ? Tolerance(field) : otherwise;

    /// <summary>A model as the peers compute it.</summary>
    public static TModel Load<TModel>(string path, string? className = null) where TModel : LanguageNetwork =>
        LanguageModels.Load<TModel>(path, new Lowrank.Torch.Layers.Storage(ScalarType.Float32), className);

    /// <summary>The loss of what each token says of the next.</summary>
    public static Tensor NextLoss(Tensor logits, Tensor labels)
    {
        long tokens = labels.shape[1] - 1;
        return TokenLoss.Of(logits.narrow(1, 0, tokens), labels.narrow(1, 1, tokens));
    }

    /// <summary>Asserts that two tensors are near, where a mask is 1.</summary>
    public void AssertClose(Tensor got, Tensor want, string what, double tolerance, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        if (mask is not null)
        {
            var real = mask.ne(0).view([.. mask.shape, .. Enumerable.Repeat(1L, (int)(want.dim() - mask.dim()))]);
            (got, want) = (got.where(real, zeros_like(got)), want.where(real, zeros_like(want)));
        }
        GoldenList.AssertClose(want, got.detach(), $"{Name}: {what}", tolerance, 0);
    }

    /// <summary>Asserts that a tensor is the one of a name.</summary>
    public void AssertSame(Tensor got, string tensor) => GoldenList.AssertSame(Read(tensor), got, $"{Name}: {tensor}");

    public virtual void Dispose() => expected.Dispose();
}
