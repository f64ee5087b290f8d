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

    /// <inheritdoc/>
    protected override GeneratingReport Work(GeneratingRequest request, JobRun run)
    {
        request.CheckFiles();
        var (precision, device) = (PrecisionNames.Named(request.Precision), Devices.Named(request.Device));
        var loading = run.Begin("loading the model");
        using var models = new DrawingModels(shelf, request, precision, device, run);
        var model = models.Base;
        request = request with { Options = request.Options with { Refiner = models.OptionsOf(request) } };
        if (request.Change is null) request.Options.Checked(model);   // with a picture, where it is read
        var prompts = ReadPrompts.Of(request);
        using var worn = new WornAdapters(models, request, prompts);
        loading.Done();
        (request, string? few) = FewStepSettings.Taken(request, worn.Base, model);
        var account = GeneratingAccount.Of(request, prompts, model, worn.Base);
        models.Tell(request, worn.LeavesRefiner, account);
        if (few is not null) account.Takes("few_steps", few);
        using var vae = VaeFile.Of(request, model, device, account);
        request = request with { Options = VaeFile.In(request.Options, vae) };
        bool isWebUi = request.Options.Compat == Compat.WebUi;
        if (isWebUi)
        {
            WebUiRefusals.Check(request);
            WebUiIdle.Tell(request, account);
        }
        var given = request.Change is { } change ? GivenPictures.Of(request, change, model.VaeConfig.Factor, account) : null;
        var graph = GraphOf(request, model, given);
        graph?.Tell(prompts.All, worn.Words, account);
        if (request.Strict) account.Insist();   // tells what is not used itself
        if (account.Lines.Count > 0) run.Tell(new JobAccount(account));
        using var preview = request.PreviewEvery > 0 ? new PreviewFile(request, model, device, run) : null;
        var pipeline = new TextToImage(model, precision, device)
        {
            Preview = preview?.Preview,
            Say = run.Say,
            FreesParts = request.IsOnly && request.Count <= request.Options.Batch,
        };
        if (!isWebUi) return Drawn(request, prompts, pipeline, worn, given, graph, account, run);
        string[] texts = [.. prompts.Written];
        using var files = new RequestFiles(request, models, vae?.Autoencoder, worn.Base, texts);
        // Its jobs take them up themselves, batch by batch, as prompts call them.
        worn.Dispose();
        var size = given is null ? pipeline.Size(request.Options) : (given.Width, given.Height);
        (request.Options with { Width = size.Width, Height = size.Height }).Checked(model);
        var road = new WebUiRoad(
            request, WebUiTranslation.Of(request, size, given?.Pictures), files, precision, device, preview?.Preview)
        {
            EncodingDraws = EncodingDraws,
        };
        return new(new PictureSeries(request, prompts.All, EmbeddingRoad.Over(road, graph), run).Draw(), account.Lines);
    }

    static RequestGraph? GraphOf(GeneratingRequest request, StableDiffusion model, GivenPictures? given)
    {
        if (!request.EmbedsGraph) return null;
        int own = model.UNetConfig.SampleSize * model.VaeConfig.Factor;
        var size = given is null ? (request.Options.Width ?? own, request.Options.Height ?? own) : (given.Width, given.Height);
        return new RequestGraph(request, model, size);
    }

    static GeneratingReport Drawn(
        GeneratingRequest request, ReadPrompts prompts, TextToImage pipeline, WornAdapters worn, GivenPictures? given,
        RequestGraph? graph, Account account, JobRun run)
    {
        var own = RequestFields.Of(request, pipeline.Precision);
        request = request with { Options = request.Options with { InfoFields = [.. request.Options.InfoFields, .. own] } };
        using var changing = given is null ? null : new ChangingPictures(request, request.Change!, given);
        if (changing is not null) request = request with { Options = changing.Options };
        var road = EmbeddingRoad.Over(new PipelineRoad(request, pipeline, worn, changing), graph);
        return new(new PictureSeries(request, prompts.All, road, run).Draw(), account.Lines);
    }
}
