using Lowrank.Graphs;

namespace Lowrank.Workbench;

/// <summary>Tells a job's listeners how far a graph is, and gathers what it shows.</summary>
sealed class WorkflowProgress : GraphWatch
{
    readonly JobRun run;
    readonly HashSet<string> told;
    readonly List<string> files = [], texts = [];
    JobStage? stage;
    PlacedNode? present;
    int done;

    /// <param name="run">The job.</param>
    /// <param name="told">What was told of the graph before: nodes' notes that say the same are not told again.</param>
    public WorkflowProgress(JobRun run, Account told)
    {
        this.run = run;
        this.told = [.. told.Lines.Select(line => line.Text)];
        Sampling = new Steps(this);
    }

    /// <summary>Files that were written, in order.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>Texts that were shown, in order.</summary>
    public IReadOnlyList<string> Texts => texts;

    /// <summary>Is told of steps.</summary>
    public SamplingWatch Sampling { get; }

    /// <inheritdoc/>
    public override void Begins(IReadOnlyList<string> cached, IReadOnlyList<string> pending) => stage = run.Begin("nodes", pending.Count);

    /// <inheritdoc/>
    public override void Runs(PlacedNode node)
    {
        present = node;
        stage?.Report(done, node.ToString());
    }

    /// <inheritdoc/>
    public override void Done(PlacedNode node, IReadOnlyList<GraphValue> values, NodeShows shows)
    {
        done++;
        files.AddRange(shows.Files.Select(file => file.Path));
        texts.AddRange(shows.Texts);
        foreach (string note in shows.Notes.Where(note => !told.Contains($"Node {node}: {note}"))) run.Say(note);
    }

    /// <summary>Tells that all is done.</summary>
    public void Finish() => stage?.Done();

    sealed class Steps(WorkflowProgress progress) : SamplingWatch
    {
        int steps, step;

        public override void Begins(string node, IReadOnlyList<float> sigmas, Tensor noise) =>
            (steps, step) = (Math.Max(1, sigmas.Count - 1), 0);

        // Some samplers ask twice a step.
        public override void Estimates(double sigma, Tensor denoised)
        {
            step = Math.Min(step + 1, steps);
            progress.stage?.Report(progress.done + (double)step / (steps + 1), $"{progress.present}, step {step} of {steps}");
        }
    }
}
