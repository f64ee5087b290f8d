namespace Lowrank.Workbench;

/// <summary>Tells whether two adapters, of any dialects and methods, make the same model of a base.</summary>
public sealed class VerifyingJob : Job<VerifyingRequest, VerifyingReport>
{
    /// <inheritdoc/>
    protected override VerifyingReport Work(VerifyingRequest request, JobRun run)
    {
        var device = Devices.Named(request.Device);
        using var model = request.Base.Open(request.A, request.B);
        using var read = new AdapterInputs([request.A, request.B], model, request.Base.AllowUnmatched, device);
        RefusePrompts((request.A, read.All[0].Adapter), (request.B, read.All[1].Adapter));
        var stage = run.Begin("comparing", read.Targets);
        var progress = new Reported<ComparedTarget>(target => stage.Count(target.Path));
        var weights = ComputeDevice.Weights(model, device);
        var compared = AdapterComparison.Compare(read.All[0].Adapter, read.All[1].Adapter, model.Describe(), weights, progress)
            .OrderByDescending(target => target.Relative).ToList();
        stage.Done();
        double largest = compared.Count == 0 ? 0 : compared[0].Relative;
        return new(
            request.A,
            request.B,
            model.Location,
            Equal: largest <= request.Tolerance,
            request.Tolerance,
            largest,
            LargestAt: compared.Count == 0 ? null : compared[0].Path,
            OnlyA: compared.Count(target => target.MethodB is null),
            OnlyB: compared.Count(target => target.MethodA is null),
            compared,
            [.. read.Notes, .. request.Base.Unused(model, read.PassedOver.Count > 0)]) { PassedOver = read.PassedOver };
    }

    // Their tokens change the input and no weight: over weights alone all of them would be equal.
    static void RefusePrompts(params ReadOnlySpan<(string Path, Adapter Adapter)> given)
    {
        foreach (var (path, adapter) in given)
            if (adapter.Prompt is { } prompt)
                throw new LowrankException($"{path} adds {Listing.Count((int)prompt.Count, "virtual token")} to the input, and what is " +
                    "compared are the weights that adapters make. Compare what the model writes with each.");
    }
}
