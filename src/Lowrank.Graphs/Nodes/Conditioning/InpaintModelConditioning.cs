namespace Lowrank.Graphs;

/// <summary>What an inpainting network is shown besides the sample: a mask, and the picture with grey under it.</summary>
sealed class InpaintModelConditioning : GraphNode
{
    public override string ClassType => "InpaintModelConditioning";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("positive", GraphTypes.Conditioning),
        NodeInput.Link("negative", GraphTypes.Conditioning),
        NodeInput.Link("vae", GraphTypes.Vae),
        NodeInput.Link("pixels", GraphTypes.Image),
        NodeInput.Link("mask", GraphTypes.Mask),
        new FlagInput("noise_mask", true),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Conditioning, GraphTypes.Conditioning, GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var vae = run.Get<VaeValue>("vae");
        var given = run.Get<ImageValue>("pixels").Pixels;
        var (pixels, mask) = MaskedPictures.Cropped(given, run.Get<MaskValue>("mask").Mask, factor: 8);
        var shown = vae.Encode(MaskedPictures.Greyed(pixels, mask));
        var latent = new LatentValue(vae.Encode(given)) { NoiseMask = run.Flag("noise_mask") ? mask : null };
        return [Side("positive"), Side("negative"), latent];

        ConditioningValue Side(string name) =>
            run.Get<ConditioningValue>(name).Each(own => own with { ShownLatents = shown, ShownMask = mask });
    }
}
