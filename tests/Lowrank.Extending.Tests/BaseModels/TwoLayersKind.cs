using System.Text.Json;

namespace Lowrank.Extending.Tests;

/// <summary>A base model of two linear layers, in a folder with two_layers.json (their widths) and weights.safetensors.</summary>
sealed class TwoLayersKind() : ModelKind(TwoLayersFamily)
{
    static readonly ModelFamily TwoLayersFamily = new("two-layers")
    {
        Title = "Two Layers",
        IsToldBy = static (key, _) => key.Contains(".second.", StringComparison.Ordinal),
    };

    const string Settings = "two_layers.json", WeightsFile = "weights.safetensors";

    /// <inheritdoc/>
    public override bool Recognizes(ModelPlace place) => place.Holds(Settings);

    /// <inheritdoc/>
    public override ModelOutline Outline(ModelPlace place, CheckpointOptions options)
    {
        var model = ModelDescription.Of(Read(place.Inner(Settings), ModelOutline.Nowhere), Family.Name);
        var file = Containers.Open(place.Inner(WeightsFile));
        var stored = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Name);
        return new(place.Path, model, new PartWeights(model.Components[0].Name, file, stored));
    }

    /// <inheritdoc/>
    public override BaseModel Load(ModelPlace place, Storage storage, CheckpointOptions options)
    {
        var layers = Read(place.Inner(Settings), storage);
        using var file = Containers.Open(place.Inner(WeightsFile));
        StateDict.Load(layers, file.Tensors.Select(tensor => tensor.Name), file.Read, file.Path);
        return new Loaded(place.Path, layers);
    }

    /// <summary>Writes a model to a folder, its weights drawn at random.</summary>
    public static void Write(string folder, int width)
    {
        File.WriteAllText(Path.Combine(folder, Settings), $$"""{ "in": {{width}}, "hidden": {{width + 2}}, "out": 3 }""");
        using var scope = NewDisposeScope();
        using var layers = Read(Path.Combine(folder, Settings), Storage.Default);
        var weights = layers.state_dict().Select(pair => KeyValuePair.Create(pair.Key, randn(pair.Value.shape, device: CPU)));
        Safetensors.Save(Path.Combine(folder, WeightsFile), weights);
    }

    static TwoLayers Read(string settings, Storage storage)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(settings));
        return new(Width("in"), Width("hidden"), Width("out"), storage);

        int Width(string name) => json.RootElement.GetProperty(name).GetInt32();
    }

    sealed class Loaded(string location, TwoLayers layers) : BaseModel
    {
        readonly ModelDescription description = ModelDescription.Of(layers, "two-layers");

        public override string Family => description.Family.Name;

        public override string Location => location;

        public override ModelDescription Describe() => description;

        public override void Dispose() => layers.Dispose();
    }
}
