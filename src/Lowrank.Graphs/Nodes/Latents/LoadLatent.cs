namespace Lowrank.Graphs;

/// <summary>Loads latents that <see cref="SaveLatent"/> saved.</summary>
sealed class LoadLatent : GraphNode
{
    public override string ClassType => "LoadLatent";

    public override IReadOnlyList<NodeInput> Inputs { get; } = [new ChoiceInput("latent", Saved)];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        string path = InputFile.PathOf(run, "latent");
        using var file = Safetensors.Open(path);
        var stored = file.Read("latent_tensor").to(ScalarType.Float32);
        // Files of before 2023 hold what the network sees.
        bool isInNetworksUnits = file.Tensors.All(tensor => tensor.Name != "latent_format_version_0");
        return [new LatentValue(isInNetworksUnits ? stored / 0.18215 : stored)];
    }

    public override IReadOnlyList<string> ChecksItself { get; } = ["latent"];

    public override IEnumerable<(string Input, string? Why)> Refusals(PlacedNode node, GraphFolders folders) =>
        InputFile.Refusals(node, folders, "latent", "Invalid latent file");

    public override IEnumerable<string> Faults(PlacedNode node, GraphFolders folders) => InputFile.Faults(node, folders, "latent");

    public override string? Fingerprint(PlacedNode node, GraphFolders folders) => InputFile.Fingerprint(node, folders, "latent");

    static IReadOnlyList<string> Saved(GraphFolders folders) =>
        [.. folders.Inputs.Where(name => name.EndsWith(".latent", StringComparison.Ordinal))];
}
