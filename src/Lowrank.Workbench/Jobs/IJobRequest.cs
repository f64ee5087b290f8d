namespace Lowrank.Workbench;

/// <summary>What a job is asked to do: a plain record, which knows what is wrong with itself.</summary>
/// <remarks>
/// Messages name fields by their words between backticks, `mask blur`, here and wherever a job speaks of them; the command line shows them
/// as its options.
/// </remarks>
public interface IJobRequest
{
    /// <summary>Everything in it that cannot be or does not go together, a sentence each. Files are not looked at.</summary>
    IEnumerable<string> Faults();

    /// <summary>The same with each place of a model or an adapter found, where its name is not a path.</summary>
    /// <param name="find">Finds a place by its name.</param>
    IJobRequest Placed(Func<string, string> find) => this;
}
