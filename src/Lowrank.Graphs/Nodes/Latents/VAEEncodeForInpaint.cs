namespace Lowrank.Graphs;

/// <summary>Latents of pictures with grey under a mask, and a grown mask of where to paint.</summary>
sealed class VAEEncodeForInpaint : GraphNode
{
    public override string ClassType => "VAEEncodeForInpaint";

    public override string Title => "VAE Encode (for Inpainting)";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        NodeInput.Link("pixels", GraphTypes.Image),
        NodeInput.Link("vae", GraphTypes.Vae),
        NodeInput.Link("mask", GraphTypes.Mask),
        new WholeInput("grow_mask_by", 6, 0, 64, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Latent];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var vae = run.Get<VaeValue>("vae");
        int factor = vae.Vae.Value.Config.Factor;
        var (pixels, mask) = MaskedPictures.Cropped(run.Get<ImageValue>("pixels").Pixels, run.Get<MaskValue>("mask").Mask, factor);
        var latents = vae.Encode(MaskedPictures.Greyed(pixels, mask));
        return [new LatentValue(latents) { NoiseMask = Grown(mask, run.Whole("grow_mask_by")) }];
    }

    // By a square of that many pixels; of an even number the result is off by half a pixel, and cropped.
    static Tensor Grown(Tensor mask, int by)
    {
        if (by == 0) return mask.round();
        var (_, _, height, width) = mask.shape;
        var square = ones([1, 1, by, by], dtype: mask.dtype, device: mask.device);
        long padding = by / 2;   // (by - 1) / 2, rounded up
        var grown = nn.functional.conv2d(mask.round(), square, padding: [padding, padding]).clamp(0, 1);
        return grown.narrow(2, 0, height).narrow(3, 0, width).round().contiguous();
    }
}
