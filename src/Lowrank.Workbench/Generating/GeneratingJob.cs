namespace Lowrank.Workbench;

/// <summary>Draws pictures from prompts, with any number of adapters, and saves them; stopped, it keeps those that were finished.</summary>
/// <param name="shelf">Where the model is taken from.</param>
public sealed class GeneratingJob(ModelShelf shelf) : Job<GeneratingRequest, GeneratingReport>
{
    /// <summary>
    /// In AUTOMATIC1111's way, the draws of what an autoencoder is asked, which there come from nowhere; by the pictures' seeds unless
    /// others are given.
    /// </summary>
    public EncodingDraws? EncodingDraws { get; init; }

    /// <summary>Refuses options that cannot be drawn with: they are faults of the request.</summary>
    internal static void Check(GenerateOptions options, StableDiffusion model) => RequestException.Blamed(() => options.Checked(model));

    /// <summary>Refuses passes that cannot be walked.</summary>
    internal static void CheckSteps(GeneratingRequest request, StableDiffusion model)
    {
        string[] faults = [.. WalkedSteps.Faults(request, model)];
        if (faults.Length > 0) throw new RequestException(faults);
    }

    /// <inheritdoc/>
    protected override GeneratingReport Work(GeneratingRequest request, JobRun run)
    {
        request.CheckFiles();
        var (precision, device) = (PrecisionNames.Named(request.Precision), Devices.Named(request.Device));
        var loading = run.Begin("loading the model");
        using var models = new DrawingModels(shelf, request, precision, device, run);
        var model = models.Base;
        request = request with { Options = request.Options with { Refiner = models.OptionsOf(request) } };
        if (request.Change is null) Check(request.Options, model);   // with a picture, where it is read
        CheckSteps(request, model);
        var prompts = ReadPrompts.Of(request);
        using var readAdapters = new AdapterShelf(limit: int.MaxValue);
        using var adapters = new RequestAdapters(models, request, prompts, readAdapters);
        loading.Done();
        (request, string? few) = FewStepSettings.Taken(request, adapters.Base, model);
        var account = GeneratingAccount.Of(request, prompts, model, adapters);
        models.Tell(request, adapters.LeavesRefiner, account);
        if (few is not null) account.Takes("few_steps", few);
        using var vae = VaeFile.Of(request, model, device, account);
        request = request with { Options = VaeFile.In(request.Options, vae) };
        bool hasOwnJobs = request.Options.Compat.HasOwnJobs;
        if (hasOwnJobs)
        {
            WebUiRefusals.Check(request);
            WebUiIdle.Tell(request, prompts.All, account);
        }
        var given = request.Change is { } change ? GivenPictures.Of(request, change, model.VaeConfig.Factor, account) : null;
        var graph = GraphOf(request, model, given);
        graph?.Tell(prompts.All, adapters.Words, account);
        if (request.Strict) account.Insist();   // tells what is not used itself
        if (account.Lines.Count > 0) run.Tell(new JobAccount(account));
        PreviewFile.TellLeft(request, run);
        using var preview = request.PreviewEvery > 0 ? new PreviewFile(request, model, device, run) : null;
        var pipeline = new TextToImage(model, precision, device)
        {
            Preview = preview?.Preview,
            Say = run.Say,
            FreesParts = request.IsOnly && request.Count <= request.Options.Batch,
        };
        if (!hasOwnJobs) return Drawn(request, prompts, pipeline, adapters, given, graph, account, run);
        using var files = new RequestFiles(request, models, vae?.Autoencoder, adapters.Base, readAdapters, [.. prompts.Written]);
        // Its jobs attach them themselves, batch by batch, as prompts call them.
        adapters.Dispose();
        var size = given is null ? pipeline.Size(request.Options) : (given.Width, given.Height);
        Check(request.Options with { Width = size.Width, Height = size.Height }, model);
        var asked = WebUiTranslation.Of(request, size, given?.Pictures);
        var jobs = new WebUiPipeline(request, asked, files, precision, device, preview?.Preview)
        {
            EncodingDraws = EncodingDraws, IsLast = request.IsOnly,
        };
        return new(new PictureSeries(request, prompts.All, GraphedPipeline.Over(jobs, graph), run).Draw(), account.Lines);
    }

    static RequestGraph? GraphOf(GeneratingRequest request, StableDiffusion model, GivenPictures? given)
    {
        if (!request.EmbedsGraph) return null;
        var size = given is null ? request.Options.SizeOn(model) : (given.Width, given.Height);
        return new RequestGraph(request, model, size);
    }

    static GeneratingReport Drawn(
        GeneratingRequest request, ReadPrompts prompts, TextToImage pipeline, RequestAdapters adapters, GivenPictures? given,
        RequestGraph? graph, Account account, JobRun run)
    {
        var own = RequestFields.Of(request, pipeline.Precision);
        request = request with { Options = request.Options with { InfoFields = [.. request.Options.InfoFields, .. own] } };
        using var changing = given is null ? null : new ChangingPictures(request, request.Change!, given);
        if (changing is not null) request = request with { Options = changing.Options };
        var drawing = GraphedPipeline.Over(new TextToImagePipeline(request, pipeline, adapters, changing), graph);
        return new(new PictureSeries(request, prompts.All, drawing, run).Draw(), account.Lines);
    }
}
