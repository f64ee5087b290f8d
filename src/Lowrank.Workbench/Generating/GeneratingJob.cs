namespace Lowrank.Workbench;

/// <summary>Draws pictures from prompts, with any number of adapters, and saves them; stopped, it keeps those that were finished.</summary>
/// <param name="shelf">Where the model is taken from.</param>
public sealed class GeneratingJob(ModelShelf shelf) : Job<GeneratingRequest, GeneratingReport>
{
    /// <inheritdoc/>
    protected override GeneratingReport Work(GeneratingRequest request, JobRun run)
    {
        request.CheckFiles();
        var (precision, device) = (PrecisionNames.Named(request.Precision), Devices.Named(request.Device));
        var loading = run.Begin("loading the model");
        using var taken = shelf.Take(ShelfPlace.Of(request.Model, request.ModelOptions, precision, device), run);
        var model = taken.As<StableDiffusion>("drawn with");
        if (request.Change is null) request.Options.Checked(model);   // with a picture, where it is read
        var prompts = ReadPrompts.Of(request);
        using var words = request.Reading.Words is { } folder ? new TaughtWords(model, folder, [.. prompts.Texts(request.Options)]) : null;
        using var adapters = new AttachedAdapters(model, [.. request.Adapters, .. prompts.Adapters], request.ModelOptions.AllowUnmatched);
        loading.Done();
        var few = FewStepSettings.Of(request, adapters);
        if (few is not null) request = request with { Options = few.Applied(request.Options, request.Given, model.Scheduler) };
        var account = GeneratingAccount.Of(request, prompts, model, adapters);
        if (few is not null) account.Takes("few_steps", few.Sentence(request.Given));
        using var vae = request.Vae is { } file ? new VaeFile(file, request, model, device, account) : null;
        if (vae is not null) request = request with { Options = vae.In(request.Options) };
        using var changing = request.Change is { } change ? new ChangingPictures(request, change, model.VaeConfig.Factor, account) : null;
        if (changing is not null) request = request with { Options = changing.Options };
        if (account.Lines.Count > 0) run.Tell(new JobAccount(account));
        if (request.Strict) account.Insist();
        using var preview = request.PreviewEvery > 0 ? new PreviewFile(request, model, device, run) : null;
        var pipeline = new TextToImage(model, precision, device)
        {
            Preview = preview?.Preview,
            Say = run.Say,
            FreesParts = request.IsOnly && request.Count <= request.Options.Batch,
        };
        return new(new PictureSeries(request, prompts.All, pipeline, adapters, run, changing).Draw(), account.Lines);
    }
}
