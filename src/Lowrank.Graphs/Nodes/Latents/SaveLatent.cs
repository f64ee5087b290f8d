namespace Lowrank.Graphs;

/// <summary>Saves latents with the graph that made them.</summary>
sealed class SaveLatent : GraphNode
{
    public override string ClassType => "SaveLatent";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
        [NodeInput.Link("samples", GraphTypes.Latent), new TextInput("filename_prefix", "latents/ComfyUI")];

    public override IReadOnlyList<string> Outputs { get; } = [];

    public override bool IsOutput => true;

    public override IEnumerable<string> Faults(PlacedNode node, GraphFolders folders) => SavedNames.Faults(node, folders);

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var samples = run.Get<LatentValue>("samples").Samples;
        var file = new SavedNames(run.Settings.Folders.Output, run.Text("filename_prefix")).Next(".latent");
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        // The empty tensor tells that the latents are in the autoencoder's units.
        using var version = empty(0, dtype: ScalarType.Float32, device: CPU);
        Safetensors.Save(file.Path, [new("latent_tensor", samples), new("latent_format_version_0", version)],
            run.Texts.ToDictionary(text => text.Key, text => PythonJson.Write(text.Value)));
        run.Shows.Files.Add(file);
        return [];
    }
}
