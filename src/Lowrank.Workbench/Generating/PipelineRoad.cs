namespace Lowrank.Workbench;

/// <summary>Draws the pictures of a request by <see cref="TextToImage"/>.</summary>
/// <param name="request">The request, with all that its pictures have in common.</param>
/// <param name="pipeline">What draws.</param>
/// <param name="adapters">The adapters; those that a picture's prompt names work while it is drawn.</param>
/// <param name="changing">The picture that is changed; null for none.</param>
sealed class PipelineRoad(
    GeneratingRequest request, TextToImage pipeline, AttachedAdapters adapters, ChangingPictures? changing) : IPictureRoad
{
    bool hasDrawn;

    /// <inheritdoc/>
    public int Most => IsWholeBatch ? request.Seeds.Count : request.Options.Batch;

    /// <inheritdoc/>
    /// <remarks>In one number of pieces, so that no picture depends on the prompts beside its own.</remarks>
    public bool GoesWith(ReadPrompt one, ReadPrompt first) =>
        request.Options.Part is null && Pieces(one) == Pieces(first) && one.SharesAdapters(first);

    /// <inheritdoc/>
    public string InfoText(ReadPrompt one) => pipeline.InfoText(Options([one]));

    /// <inheritdoc/>
    public IReadOnlyList<DrawnPicture> Draw(
        IReadOnlyList<ReadPrompt> batch, IProgress<SamplingProgress> progress, CancellationToken cancel)
    {
        var drawn = pipeline.Draw(Options(batch), progress, cancel);
        if (!hasDrawn) adapters.AssertUsed();
        hasDrawn = true;
        return changing is null ? drawn : [.. drawn.Select(changing.Finish)];
    }

    // What ties the pictures of a program's batch together needs them all.
    bool IsWholeBatch => request.SharesSeed && pipeline.TiesBatch(request.Options);

    int Pieces(ReadPrompt one) => pipeline.Pieces(one.Text, request.Options);

    // Adapters and strengths are named as AUTOMATIC1111 does, so that the text makes the same picture there.
    GenerateOptions Options(IReadOnlyList<ReadPrompt> batch)
    {
        adapters.Use(batch[0].Adapters, request.Adapters.Count);
        var options = request.Options;
        options = options with
        {
            Prompts = [.. batch.Select(one => one.Text)],
            Seeds = [.. batch.Select(one => one.Seed)],
            InfoTags = [.. options.InfoTags, .. adapters.Working.Select(adapter => adapter.Tag)],
            InfoFields = [.. options.InfoFields, .. LoraHashes()],
            BeforeStep = adapters.FollowSteps ? adapters.Begin : options.BeforeStep,
        };
        if (!request.SharesSeed) return options;
        int[] numbers = [.. batch.Select(one => one.Number)];
        return options with { Seeds = [batch[0].Seed], Part = new(request.Seeds.Count, numbers) };
    }

    IEnumerable<KeyValuePair<string, string>> LoraHashes()
    {
        if (adapters.Working.Count == 0) return [];
        return [new("Lora hashes", string.Join(", ", adapters.Working.Select(adapter => $"{adapter.Name}: {adapter.Hash}")))];
    }
}
