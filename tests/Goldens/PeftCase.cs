using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>The saved tensors and the configuration of one PEFT case, as an open file.</summary>
sealed class PeftCase(GoldenCase golden) : ITensorFile
{
    readonly Spelling spelling = Dialects.Named("peft").Spelling;

    public string Path => golden.Name;

    public string Container => "golden";

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Notes => [];

    /// <summary>What PEFT saved, and of what it did not save (aux) that which our folders hold.</summary>
    public IReadOnlyList<TensorInfo> Tensors => [.. Saved(), .. Beside()];

    IEnumerable<TensorInfo> Saved() => Under("adapter/", "");

    IEnumerable<TensorInfo> Beside() => Under("aux/", "base_model.model.").Where(t => spelling.Suffixes.Any(s => t.Name.EndsWith(s.Suffix, StringComparison.Ordinal)));

    IEnumerable<TensorInfo> Under(string folder, string prefix)
    {
        string start = $"{golden.Name}/{folder}";
        return golden.Group.Tensors.Tensors.Where(t => t.Name.StartsWith(start, StringComparison.Ordinal)).Select(t => t with { Name = prefix + t.Name[start.Length..] });
    }

    public Tensor Read(string name)
    {
        string saved = $"{golden.Name}/adapter/{name}";
        return golden.Group.Tensors.Tensors.Any(t => t.Name == saved)
            ? golden.Group.Tensors.Read(saved)
            : golden.Group.Tensors.Read($"{golden.Name}/aux/{name["base_model.model.".Length..]}");
    }

    public double ReadScalar(string name) => Read(name).ToDouble();

    public void Dispose() { }

    /// <summary>The case as a PEFT folder.</summary>
    public PeftFolder Folder() => new(this, golden["config"]);

    /// <summary>A model that has the case's layer at its place.</summary>
    public static ModelDescription Model(GoldenCase golden, AdaptableLayer layer) => ModelDescription.Of(new Place(golden["target"].GetString()!, layer));

    sealed class Place : nn.Module
    {
        public Place(string path, nn.Module layer) : base("model") => register_module(path, layer);
    }
}
