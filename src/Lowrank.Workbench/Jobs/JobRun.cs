namespace Lowrank.Workbench;

/// <summary>A job at work: who is told, and whether it is to stop.</summary>
/// <param name="listener">Who is told; null for nobody.</param>
/// <param name="cancel">Cancelled when it is to stop.</param>
public sealed class JobRun(IProgress<JobEvent>? listener, CancellationToken cancel)
{
    /// <summary>Cancelled when the job is to stop.</summary>
    public CancellationToken Cancel => cancel;

    /// <summary>Tells something.</summary>
    public void Tell(JobEvent told) => listener?.Report(told);

    /// <summary>Tells a sentence that the user should know.</summary>
    public void Say(string note) => Tell(new JobNote(note));

    /// <summary>Begins a stage.</summary>
    /// <param name="name">Its name, of which the job has no other stage.</param>
    /// <param name="total">What there is to do; null where nobody knows.</param>
    public JobStage Begin(string name, double? total = null) => new(this, name, total);

    /// <summary>Begins a stage that is told in percent, by <see cref="JobStage.ReportShare"/>.</summary>
    /// <param name="name">Its name, of which the job has no other stage.</param>
    public JobStage BeginPercent(string name) => Begin(name, 100);
}
