namespace Lowrank.Workbench;

/// <summary>Makes an adapter of the difference between a tuned model and its base.</summary>
public sealed class ExtractingJob : Job<ExtractingRequest, ReworkReport>
{
    /// <inheritdoc/>
    protected override ReworkReport Work(ExtractingRequest request, JobRun run)
    {
        var (basePath, tunedPath, output) = (request.Base.Path!, request.TunedModel, request.Output);
        var device = Devices.Named(request.Device);
        var (options, rule) = (request.Options(), request.DescribeRanks());
        GivenModels.Check(basePath, tunedPath);
        using var from = ModelKinds.Outline(basePath, request.Base.Options);
        output = output.Or(from is LanguageOutline ? "peft" : AdapterOutput.UsualDialect);
        output.Check(basePath, tunedPath);
        using var to = ModelKinds.Outline(tunedPath, request.Base.Options);
        if (from.Family != to.Family) throw OfTwoFamilies(from, basePath, to, tunedPath);
        bool isOfPictures = from.Describe().Components.Any(component => component.Role == ComponentRole.Denoiser);
        if (request.UnetOnly && !isOfPictures)
            throw new RequestException($"`unet only` leaves text encoders out, and {from.Location} has no UNet. Leave it out.");
        var targets = TargetsOf(from.Describe(), request.ChosenLayers(), request.UnetOnly);
        var stage = run.Begin("extracting", targets.Count);
        var progress = new Reported<ReworkedTarget>(target => stage.Count(target.Target.Path));
        using var made = AdapterExtraction.Extract(
            targets,
            ComputeDevice.Weights(to, device),
            ComputeDevice.Weights(from, device),
            options with { Roles = from.Describe().Roles },
            output.Name,
            progress);
        string comment = $"extracted from {PlaceName.Of(tunedPath)} over {PlaceName.Of(basePath)} ({rule})";
        var metadata = NetworkMetadata.Of(from.Describe().Family, made.Adapter, comment);
        var written = output.Write(made.Adapter, from, ScalarType.Float16, metadata);
        stage.Done();
        int unchanged = targets.Count - made.Targets.Count;
        List<string> notes = unchanged > 0 ? [$"{unchanged} of {targets.Count} layers did not change and were left out."] : [];
        notes.AddRange(request.Base.Unused(leftOut: false, (basePath, from), (tunedPath, to)));
        notes.AddRange(ReworkReport.KeptByNoRule(made, options.Rank));
        notes.AddRange(LayersNotExtracted.Notes(from, to, targets, request));
        return ReworkReport.Of("extract", [from.Location, tunedPath], rule, made, written, notes);
    }

    static LowrankException OfTwoFamilies(ModelOutline from, string basePath, ModelOutline to, string tunedPath) => new(
        $"{basePath} is a model of {from.Describe().Family.Title}, and {tunedPath} of {to.Describe().Family.Title}. " +
        "An adapter is extracted from two models of one family.");

    static IReadOnlyList<Target> TargetsOf(ModelDescription model, ExtractedLayers layers, bool unetOnly)
    {
        bool isOfPictures = model.Components.Any(component => component.Role != ComponentRole.Network);
        if (layers != ExtractedLayers.All && isOfPictures)
            return TargetSelection.Kohya(model, denoiser: true, textEncoder: !unetOnly, convolutions: layers == ExtractedLayers.Residual);
        var components = model.Components.Where(component => !unetOnly || component.Role == ComponentRole.Denoiser);
        return
        [
            .. from component in components
               from place in component.Targets
               where place.Target.Kind != LayerKind.Embedding && !component.TiedTo.ContainsKey(component.PathOf(place.Target))
               select place.Target,
        ];
    }
}
