namespace Lowrank.Graphs;

/// <summary>Saves the difference of two models as an adapter of low rank.</summary>
/// <remarks>See <see cref="ExtractedFactors"/>. The names are ComfyUI's own, with LDM's paths of the denoising network.</remarks>
sealed class LoraSave : GraphNode
{
    public override string ClassType => "LoraSave";

    public override string Title => "Extract and Save Lora";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new TextInput("filename_prefix", "loras/ComfyUI_extracted_lora"),
        new WholeInput("rank", 8, 1, 4096, 1),
        new ChoiceInput("lora_type", "standard", "full_diff"),
        new FlagInput("bias_diff", true),
        NodeInput.MaybeLink("model_diff", GraphTypes.Model),
        NodeInput.MaybeLink("text_encoder_diff", GraphTypes.Clip),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [];

    public override bool IsOutput => true;

    public override IEnumerable<string> Faults(PlacedNode node, GraphFolders folders) => SavedNames.Faults(node, folders);

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var tensors = new List<KeyValuePair<string, Tensor>>();
        if (run.Find<ModelValue>("model_diff") is { } model)
        {
            var names = UNet2DConditionModel.LdmNames(model.Base.Model.UNetConfig);
            Add(model.Base, model.Weights, ModelSide.Network, path => $"diffusion_model.{names.ToOther(path["unet.".Length..])}");
        }
        if (run.Find<ClipValue>("text_encoder_diff") is { } clip)
            Add(clip.Base, clip.Weights, ModelSide.Encoders, path => EncoderName(clip.Base, path));
        if (tensors.Count == 0)
        {
            run.Note("nothing is saved: neither model_diff nor text_encoder_diff is given.");
            return [];
        }
        var file = new SavedNames(run.Settings.Folders.Output, run.Text("filename_prefix")).Next(".safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        Safetensors.Save(file.Path, tensors);
        run.Shows.Files.Add(file);
        return [];

        void Add(GraphBase of, IReadOnlyList<WeightChange> changes, ModelSide side, Func<string, string> name)
        {
            foreach (var (path, weight) in EffectiveWeights.Read(of.Model, changes, side))
            {
                int end = path.LastIndexOf('.');
                using (weight) tensors.AddRange(Parts(run, name(path[..end]), path[(end + 1)..], weight));
            }
        }
    }

    // A layer's difference as files hold it: factors or the whole of weights, vectors and biases whole where they are wanted.
    static IEnumerable<KeyValuePair<string, Tensor>> Parts(NodeRun run, string layer, string kind, Tensor weight)
    {
        bool isWeight = kind == "weight", isVector = weight.dim() < 2, isWhole = run.Choice("lora_type") == "full_diff";
        if (isWeight && !isVector && !isWhole)
        {
            var (up, down) = ExtractedFactors.Of(weight, run.Whole("rank"));
            return [Half($"{layer}.lora_up.weight", up), Half($"{layer}.lora_down.weight", down)];
        }
        if (isWeight && (isWhole || run.Flag("bias_diff"))) return [Half($"{layer}.diff", weight)];
        return kind == "bias" && run.Flag("bias_diff") ? [Half($"{layer}.diff_b", weight)] : [];
    }

    static KeyValuePair<string, Tensor> Half(string name, Tensor value) => new(name, value.to(ScalarType.Float16).contiguous().cpu());

    static string EncoderName(GraphBase of, string path)
    {
        bool isSecond = path.StartsWith("text_encoder_2.", StringComparison.Ordinal);
        string encoder = isSecond ? "clip_g" : of.Model.Family == "sd2" ? "clip_h" : "clip_l";
        return $"text_encoders.{encoder}.transformer.{path[(path.IndexOf('.') + 1)..]}";
    }
}
