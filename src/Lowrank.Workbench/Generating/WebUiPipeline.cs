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
sealed class WebUiPipeline(
    GeneratingRequest request, WebUiRequest each, RequestFiles files, Precision precision, Device device, PicturePreview? preview)
    : IPicturePipeline
{
    /// <summary>
    /// Whether the request is the last that is asked of the models: drawn as one batch, it has each part in memory only while it is needed.
    /// </summary>
    public bool IsLast { get; init; }

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
        return one.Tagged == first.Tagged && one.SharesRest(first) && behind > 0 && counts;
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
        if (Among(batch[0]) is not { } among) return Draw(Asked(batch), progress, cancel);
        return [Draw(among, progress, cancel)[request.Place!.Value.Number - 1]];
    }

    IReadOnlyList<DrawnPicture> Draw(WebUiRequest asked, IProgress<SamplingProgress> progress, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        double[] deviations = [];
        using var run = Run(asked, new WebUiView(asked.BatchSize, progress, preview).Watch with
        {
            Decoding = latents => deviations =
                [.. Enumerable.Range(0, asked.BatchSize).Select(i => DrawnPicture.DeviationOf(latents[i]))],
        });
        var pictures = run.Draw(cancel).Pictures;
        return [.. pictures.Zip(deviations, (picture, deviation) => new DrawnPicture(picture, deviation))];
    }

    // A picture that was made among others is made again at its place among as many; null where it was alone. So is one whose batch would
    // begin with -1, which asks for a seed by chance.
    WebUiRequest? Among(ReadPrompt one)
    {
        if (request.Place is not { Of: > 1 } place) return null;
        var asked = Asked([one]);
        long before = place.Number - 1;
        var among = asked with
        {
            Seed = varies ? asked.Seed : asked.Seed - before,
            Subseed = varies ? asked.Subseed - before : 0,
            BatchSize = place.Of,
        };
        return among.Seed == -1 || among.Subseed == -1 ? null : among;
    }

    WebUiRun Run(WebUiRequest asked, WebUiWatch watch) =>
        new(files, asked, precision, device, EncodingDraws ?? EncodingDraws.OfSeeds, watch)
        {
            FreesParts = IsLast && request.Count <= Most,
        };

    WebUiRequest Asked(IReadOnlyList<ReadPrompt> batch)
    {
        var first = batch[0];
        long variation = request.Options.Variation.Seeds.ElementAtOrDefault(0);
        return each with
        {
            Prompt = string.Join(' ', files.Tags.Prepend(first.Tagged)),
            NegativePrompt = first.Negative ?? "",
            Hires = each.Hires is { } hires ? hires with { Prompt = first.Second?.Tagged ?? "" } : null,
            Seed = first.Seed,
            Subseed = variation + (request.SharesSeed ? first.Number : 0),
            BatchSize = batch.Count,
        };
    }
}
