namespace Lowrank.Workbench;

/// <summary>Gives an adapter another rank: one for all, or for each layer what its singular values ask for.</summary>
public sealed class ResizingJob : Job<ResizingRequest, ReworkReport>
{
    /// <inheritdoc/>
    protected override ReworkReport Work(ResizingRequest request, JobRun run)
    {
        var device = Devices.Named(request.Device);
        var (input, output) = (request.Input, request.Output.For(request.Input));
        var (ranks, rule) = (request.Ranks.Choice(pointwiseIsConvolution: true), request.Ranks.Describe());
        output.Check([input, .. request.Base.Places]);
        using var model = request.Base.Open(input);
        using var read = AdapterInput.Read(input, model, request.Base.AllowUnmatched, device);
        var weights = model.HasWeights ? ComputeDevice.Weights(model, device) : null;
        var options = new ResizeOptions(ranks) { FullSvd = request.FullSvd, Weights = weights };
        var stage = run.Begin("resizing", read.Adapter.Targets.Count);
        var progress = new Reported<ReworkedTarget>(target => stage.Count(target.Target.Path));
        using var made = AdapterResizing.Resize(read.Adapter, options, output.Name, progress);
        var written = output.Write(made.Adapter, model, read.Dtype);
        stage.Done();
        var dropped = DroppedDropouts.Notes([read.Adapter], written.Path);
        return ReworkReport.Of("resize", [input], rule, made, written,
            [
                .. read.NotesFor(output.Dtype), .. request.Base.Unused(model, read.Adapter.PassedOver.Count > 0), .. dropped,
                .. Grown(made), .. ReworkReport.KeptByNoRule(made, ranks),
            ]) with
        {
            PassedOver = read.Adapter.PassedOver,
        };
    }

    static IEnumerable<string> Grown(ReworkedAdapter made)
    {
        int grown = made.Targets.Count(target => target.Rank > target.OldRank);
        if (grown > 0)
            yield return $"{Listing.Count(grown, "layer has", "layers have")} a higher rank than before, which takes room and adds nothing";
    }
}
