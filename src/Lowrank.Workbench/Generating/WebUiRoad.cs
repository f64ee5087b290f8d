namespace Lowrank.Workbench;

/// <summary>Draws the pictures of a request as AUTOMATIC1111 does.</summary>
/// <param name="request">The request.</param>
/// <param name="each">What the web UI is asked for all of them.</param>
/// <param name="files">What names lead to; tags of the adapters that all pictures have stand behind their prompts.</param>
/// <param name="precision">In which dtype networks are computed.</param>
/// <param name="device">Where.</param>
/// <param name="preview">Shown the pictures on the way; null for nobody.</param>
/// <remarks>
/// What a job comments on was told before, when prompts were read and adapters looked at: tags that name nothing, files that do not fit.
/// </remarks>
sealed class WebUiRoad(
    GeneratingRequest request, WebUiRequest each, RequestFiles files, Precision precision, Device device, PicturePreview? preview)
    : IPictureRoad
{
    /// <summary>The draws of what an autoencoder is asked; by the pictures' seeds unless others are given.</summary>
    public EncodingDraws? EncodingDraws { get; init; }

    readonly bool varies = each.SubseedStrength != 0;

    /// <inheritdoc/>
    public int Most => Samplers.Named(WebUiSamplers.Named(WebUiLabels.Of(each).Sampler).Name).Create(new()).TiesBatch
        ? 1 : request.Options.Batch;

    /// <inheritdoc/>
    /// <remarks>A batch has one prompt, and seeds or variation seeds that count up.</remarks>
    public bool GoesWith(ReadPrompt one, ReadPrompt first)
    {
        long behind = one.Number - first.Number;
        bool counts = request.SharesSeed || !varies && one.Seed - first.Seed == behind;
        return one.Tagged == first.Tagged && one.SharesAdapters(first) && behind > 0 && counts;
    }

    /// <inheritdoc/>
    public string InfoText(ReadPrompt one)
    {
        using var scope = NewDisposeScope();
        using var run = Run(Asked([one]), new());
        return run.Texts()[0];
    }

    /// <inheritdoc/>
    public IReadOnlyList<DrawnPicture> Draw(
        IReadOnlyList<ReadPrompt> batch, IProgress<SamplingProgress> progress, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        double[] deviations = [];
        using var run = Run(Asked(batch), new WebUiView(batch.Count, progress, preview).Watch with
        {
            Decoding = latents => deviations = [.. batch.Select((_, i) => latents[i].std(unbiased: false).ToDouble())],
        });
        var pictures = run.Draw(cancel).Pictures;
        return [.. pictures.Zip(deviations, (picture, deviation) => new DrawnPicture(picture, deviation))];
    }

    WebUiRun Run(WebUiRequest asked, WebUiWatch watch) => new(files, asked, precision, device, EncodingDraws ?? new(), watch);

    WebUiRequest Asked(IReadOnlyList<ReadPrompt> batch)
    {
        var first = batch[0];
        long variation = request.Options.Variation.Seeds.ElementAtOrDefault(0);
        return each with
        {
            Prompt = string.Join(' ', files.Tags.Prepend(first.Tagged)),
            Seed = first.Seed,
            Subseed = variation + (request.SharesSeed ? first.Number : 0),
            BatchSize = batch.Count,
        };
    }
}
