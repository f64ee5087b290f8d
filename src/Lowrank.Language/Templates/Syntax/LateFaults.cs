namespace Lowrank.Language;

/// <summary>
/// Faults that Jinja tells only once the whole template is read: unknown filters and tests, unless they stand in a branch, where they
/// are told when it is taken; and break and continue outside of a loop.
/// </summary>
sealed class LateFaults
{
    readonly List<(TemplateFault Fault, int Body, bool IsSoft)> found = [];
    readonly Stack<int> bodies = new([0]);
    int count;

    /// <summary>How many were found.</summary>
    public int Count => found.Count;

    /// <summary>Enters the body of a loop, macro or the like, which is looked at apart from the branch around it.</summary>
    public void Enter() => bodies.Push(++count);

    /// <summary>Leaves it.</summary>
    public void Leave() => bodies.Pop();

    /// <summary>Notes a filter or test that there is not.</summary>
    public void Unknown(string what, string name, TemplatePlace place) => Add(
        new(TemplateFault.Assertion, $"No {what} named {PythonRepr.Of(name)}."), place);

    /// <summary>Notes another fault.</summary>
    public void Add(TemplateFault fault, TemplatePlace place) => found.Add((fault.At(place.Line, place.Column), bodies.Peek(), false));

    /// <summary>What was found since then, in this body, stands in a branch.</summary>
    public void Soften(int since)
    {
        for (int i = since; i < found.Count; i++)
        {
            bool isHere = found[i].Body == bodies.Peek() && found[i].Fault.Kind == TemplateFault.Assertion;
            if (isHere) found[i] = found[i] with { IsSoft = true };
        }
    }

    /// <summary>Throws the first that does not stand in a branch.</summary>
    public void Check()
    {
        foreach (var (fault, _, isSoft) in found)
            if (!isSoft) throw fault;
    }
}
