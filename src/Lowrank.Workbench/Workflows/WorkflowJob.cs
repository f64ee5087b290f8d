using Lowrank.Graphs;

namespace Lowrank.Workbench;

/// <summary>Runs a ComfyUI graph: loads its models, samples, and saves what it saves. Stopped, it keeps the files written.</summary>
public sealed class WorkflowJob : Job<WorkflowRequest, WorkflowReport>
{
    // Faults that are listed before the rest is counted.
    const int Listed = 12;

    /// <inheritdoc/>
    protected override WorkflowReport Work(WorkflowRequest request, JobRun run)
    {
        var workflow = CheckedWorkflow.Of(request);
        if (workflow.Faults.Count > 0) throw Refused(request.Graph, workflow.Faults);
        var account = workflow.Account;
        if (request.Strict) account.Insist();   // tells what is not used itself
        if (account.Lines.Count > 0) run.Tell(new JobAccount(account));
        var progress = new WorkflowProgress(run, account);
        using var executor = new GraphExecutor(new()
        {
            Folders = request.Folders,
            Device = Devices.Named(request.Device),
            Precision = PrecisionNames.Named(request.Precision),
            ModelOptions = request.ModelOptions,
            LikeComfyUi = request.LikeComfyUi,
            Watch = progress.Sampling,
        });
        try
        {
            executor.Run(workflow.Verdict, progress, workflow.Read.Extra, run.Cancel);
        }
        catch (GraphFailure failure) when (progress.Files.Count + failure.Saved.Count > 0)
        {
            string[] saved = [.. progress.Files, .. failure.Saved.Select(file => file.Path)];
            throw new LowrankException($"{failure.Message} Saved before: {string.Join(", ", saved)}.", failure);
        }
        catch (OperationCanceledException)
        {
            throw new StoppedException(progress.Files.Count == 0
                ? "Stopped; nothing was saved."
                : $"Stopped; saved {progress.Files.Count} files, the last as {progress.Files[^1]}.");
        }
        progress.Finish();
        return new(progress.Files, progress.Texts, account.Lines);
    }

    static LowrankException Refused(string path, IReadOnlyList<string> faults)
    {
        string[] more = faults.Count > Listed ? [$"... and {faults.Count - Listed} more"] : [];
        return new($"{path} cannot be run:", [.. faults.Take(Listed), .. more]);
    }
}
