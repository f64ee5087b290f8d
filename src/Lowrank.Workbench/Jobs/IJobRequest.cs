namespace Lowrank.Workbench;

/// <summary>What a job is asked to do: a plain record, which knows what is wrong with itself.</summary>
public interface IJobRequest
{
    /// <summary>Everything in it that cannot be or does not go together, a sentence each. Files are not looked at.</summary>
    IEnumerable<string> Faults();
}
