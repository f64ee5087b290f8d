namespace Lowrank.Workbench;

/// <summary>How far a stage of a job is: "pictures", 12.5 of 80, "1 to 4 of 4, step 3 of 20".</summary>
/// <param name="Stage">
/// The stage's name, of which the job has no other. Stages follow each other, but one may pass within another: a job waits for a model
/// while it is loading it.
/// </param>
/// <param name="Done">What is done of <paramref name="Total"/>.</param>
/// <param name="Total">What there is to do, in the stage's own unit; null where nobody knows.</param>
/// <param name="Text">A few words on where it stands; may be empty.</param>
/// <param name="IsDone">Whether the stage is over.</param>
public record JobProgress(string Stage, double Done, double? Total, string Text = "", bool IsDone = false) : JobEvent
{
    /// <summary>The share that is done, from 0 to 1; null where nobody knows.</summary>
    public double? Share
    {
        get
        {
            if (IsDone) return 1;
            return Total is > 0 and { } total ? Math.Clamp(Done / total, 0, 1) : null;
        }
    }
}
