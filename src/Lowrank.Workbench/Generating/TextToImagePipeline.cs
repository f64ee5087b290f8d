namespace Lowrank.Workbench;

/// <summary>Draws the pictures of a request by <see cref="TextToImage"/>.</summary>
/// <param name="request">The request, with all that its pictures have in common.</param>
/// <param name="pipeline">What draws.</param>
/// <param name="adapters">The adapters; those that a picture's prompt names work while it is drawn.</param>
/// <param name="changing">The picture that is changed; null for none.</param>
sealed class TextToImagePipeline(
    GeneratingRequest request, TextToImage pipeline, RequestAdapters adapters, ChangingPictures? changing) : IPicturePipeline
{
    bool hasDrawn;

    /// <inheritdoc/>
    public int Most => IsWholeBatch ? request.Seeds.Count : request.Options.Batch;

    /// <inheritdoc/>
    /// <remarks>In one shape, so that no picture depends on the prompts beside its own.</remarks>
    public bool GoesWith(ReadPrompt one, ReadPrompt first) =>
        request.Options.Part is null && Shape(one) == Shape(first) && one.SharesRest(first);

    /// <inheritdoc/>
    public string InfoText(ReadPrompt one) => pipeline.InfoText(Options([one]));

    /// <inheritdoc/>
    public IReadOnlyList<DrawnPicture> Draw(
        IReadOnlyList<ReadPrompt> batch, IProgress<SamplingProgress> progress, CancellationToken cancel)
    {
        var drawn = InPlace(Options(batch), progress, cancel);
        if (!hasDrawn) adapters.Base.AssertUsed();
        hasDrawn = true;
        return changing is null ? drawn : [.. drawn.Select(changing.Finish)];
    }

    // What ties the pictures of a program's batch together needs them all.
    bool IsWholeBatch => request.SharesSeed && pipeline.TiesBatch(request.Options);

    string Shape(ReadPrompt one) => pipeline.Shape(one.Text, one.In(request.Options));

    // A picture that was made among others is made again among as many, of which none but it is kept.
    IReadOnlyList<DrawnPicture> InPlace(GenerateOptions options, IProgress<SamplingProgress> progress, CancellationToken cancel)
    {
        if (request.Place is not { Of: > 1 } place) return pipeline.Draw(options, progress, cancel);
        var among = options with
        {
            Prompts = [.. Enumerable.Repeat(options.Prompt, place.Of)],
            Seeds = options.OneGenerator ? options.Seeds : [.. Enumerable.Repeat(options.Seeds[0], place.Of)],
            Part = options.Part is { } part ? part with { Numbers = [.. Enumerable.Repeat(part.Numbers[0], place.Of)] } : null,
            Batch = place.Of,
        };
        return [pipeline.Draw(among, progress, cancel)[place.Number - 1]];
    }

    // Adapters and strengths are named as AUTOMATIC1111 does, so that the text makes the same picture there.
    GenerateOptions Options(IReadOnlyList<ReadPrompt> batch)
    {
        adapters.Use(batch[0].Adapters, request.Adapters.Count);
        var options = batch[0].In(request.Options);
        options = options with
        {
            Prompts = [.. batch.Select(one => one.Text)],
            Seeds = [.. batch.Select(one => one.Seed)],
            InfoTags = [.. options.InfoTags, .. adapters.Base.Working.Select(adapter => adapter.Tag)],
            InfoFields = [.. options.InfoFields, .. LoraHashes()],
            BeforeStep = adapters.Base.FollowSteps ? adapters.Begin : options.BeforeStep,
            TextTurns = adapters.Base.TextTurns,
        };
        if (!request.SharesSeed) return options;
        int[] numbers = [.. batch.Select(one => one.Number)];
        return options with { Seeds = [batch[0].Seed], Part = new(request.Seeds.Count, numbers) };
    }

    IEnumerable<KeyValuePair<string, string>> LoraHashes()
    {
        if (adapters.Base.Working.Count == 0) return [];
        var hashes = adapters.Base.Working.Select(adapter => new KeyValuePair<string, string>(adapter.Name, adapter.Hash));
        return [new(AdapterHashes.Field, AdapterHashes.Format(hashes))];
    }
}
