using Lowrank.Graphs;

namespace Lowrank.Workbench;

/// <summary>What sampling begins with, as nodes of a graph.</summary>
/// <param name="Inputs">What the sampling node takes.</param>
/// <param name="Picture">The picture that is changed, at the size that is drawn; null for none.</param>
/// <param name="Mask">Where it is changed; null for everywhere.</param>
sealed record GraphedStart(SampledInputs Inputs, GraphLink? Picture = null, GraphLink? Mask = null)
{
    /// <summary>Adds the nodes to a graph.</summary>
    /// <param name="draft">The graph.</param>
    /// <param name="batch">How many pictures are drawn at once.</param>
    /// <param name="change">The picture that is changed; null begins with noise alone.</param>
    /// <param name="size">Width and height that are drawn.</param>
    /// <param name="vae">The autoencoder.</param>
    /// <param name="told">Network and prompts; its latents are not looked at.</param>
    /// <param name="showsMask">Whether the network is shown the mask, as inpainting models are.</param>
    public static GraphedStart Add(
        GraphDraft draft, int batch, PictureChange? change, (int Width, int Height) size, GraphLink vae, SampledInputs told, bool showsMask)
    {
        if (change is null)
        {
            var empty = draft.Add("EmptyLatentImage", ("width", size.Width), ("height", size.Height), ("batch_size", batch));
            return new(told with { Latents = empty });
        }
        var start = Changed(draft, change, size, vae, told, showsMask);
        if (batch == 1) return start;
        var repeated = draft.Add("RepeatLatentBatch", ("samples", start.Inputs.Latents), ("amount", batch));
        var pictures = draft.Add("RepeatImageBatch", ("image", start.Picture!), ("amount", batch));
        return start with { Inputs = start.Inputs with { Latents = repeated }, Picture = pictures };
    }

    static GraphedStart Changed(
        GraphDraft draft, PictureChange change, (int Width, int Height) size, GraphLink vae, SampledInputs told, bool showsMask)
    {
        var picture = draft.Add("LoadImage", ("image", GraphedFile.NameOf(change.Picture)));
        var mask = change.Mask is { } file ? MaskOf(draft, file, change.Inverts) : null;
        if (change.Outpaint is { } margins) (picture, mask) = Grown(draft, picture, mask, margins);
        if (SizeOf(change) != size) picture = Scaled(draft, picture, size, change.Fit);
        if (mask is null) return new(told with { Latents = draft.Add("VAEEncode", ("pixels", picture), ("vae", vae)) }, picture);
        if (!showsMask)
        {
            var latents = draft.Add("VAEEncode", ("pixels", picture), ("vae", vae));
            var masked = draft.Add("SetLatentNoiseMask", ("samples", latents), ("mask", mask));
            return new(told with { Latents = masked }, picture, mask);
        }
        var shown = draft.Add("InpaintModelConditioning", ("positive", told.Positive), ("negative", told.Negative), ("vae", vae),
            ("pixels", picture), ("mask", mask), ("noise_mask", true));
        var inputs = told with { Positive = shown, Negative = shown with { Slot = 1 }, Latents = shown with { Slot = 2 } };
        return new(inputs, picture, mask);
    }

    // Alpha where it says anything, which ComfyUI reads as what is clear; else how light it is.
    static GraphLink MaskOf(GraphDraft draft, string path, bool inverts)
    {
        bool isAlpha = PictureFile.Look(path).IsTransparent;
        var mask = draft.Add("LoadImageMask", ("image", GraphedFile.NameOf(path)), ("channel", isAlpha ? "alpha" : "red"));
        return isAlpha == inverts ? mask : draft.Add("InvertMask", ("mask", mask));
    }

    static (GraphLink Picture, GraphLink Mask) Grown(GraphDraft draft, GraphLink picture, GraphLink? mask, Outpainting margins)
    {
        var padded = draft.Add("ImagePadForOutpaint", ("image", picture), ("left", margins.Left), ("top", margins.Top),
            ("right", margins.Right), ("bottom", margins.Bottom), ("feathering", 0));
        var around = padded with { Slot = 1 };
        return (padded, mask is null ? around : draft.Add("MaskComposite",
            ("destination", around), ("source", mask), ("x", margins.Left), ("y", margins.Top), ("operation", "add")));
    }

    static GraphLink Scaled(GraphDraft draft, GraphLink picture, (int Width, int Height) size, PictureFit fit) =>
        draft.Add("ImageScale", ("image", picture), ("upscale_method", "lanczos"), ("width", size.Width), ("height", size.Height),
            ("crop", fit == PictureFit.Crop ? "center" : "disabled"));

    static (int Width, int Height) SizeOf(PictureChange change)
    {
        var (width, height) = PictureFile.ReadSize(change.Picture);
        return change.Outpaint is { } grown ? (width + grown.Left + grown.Right, height + grown.Top + grown.Bottom) : (width, height);
    }
}
