namespace Lowrank.Diffusion;

/// <summary>Brackets of a prompt that have no partner.</summary>
public static class PromptBrackets
{
    /// <summary>
    /// What each kind without a partner does in AUTOMATIC1111's syntax, in sentences; none where all are closed. Behind \ one is a plain
    /// sign.
    /// </summary>
    /// <param name="prompt">The prompt.</param>
    public static IEnumerable<string> Remarks(string prompt)
    {
        foreach (string pair in (string[])["()", "[]"])
        {
            var (open, stray) = Count(prompt, pair[0], pair[1]);
            if (open > 0) yield return $"{Times(pair[0], open)} closed: what it begins goes on to the prompt's end";
            if (stray > 0) yield return $"{Times(pair[1], stray)} opened before, and is read as a sign";
        }
    }

    /// <summary>The same in ComfyUI's syntax, where round ones alone weigh, and \ means something before those only.</summary>
    /// <inheritdoc cref="Remarks"/>
    public static IEnumerable<string> RemarksInComfy(string prompt)
    {
        string bare = prompt.Replace("\\(", " ", StringComparison.Ordinal).Replace("\\)", " ", StringComparison.Ordinal).Replace('\\', ' ');
        var (open, stray) = Count(bare, '(', ')');
        if (open > 0) yield return $"{Times('(', open)} closed: it is read as a sign, and weights behind it not as they are written";
        if (stray > 0) yield return $"{Times(')', stray)} opened before: it is read as a sign, and so may brackets behind it be";
    }

    static string Times(char bracket, int count) => count == 1 ? $"'{bracket}' is not" : $"'{bracket}' is {count} times not";

    static (int Open, int Stray) Count(string prompt, char opening, char closing)
    {
        int open = 0, stray = 0;
        for (int i = 0; i < prompt.Length; i++)
        {
            if (prompt[i] == '\\') i++;
            else if (prompt[i] == opening) open++;
            else if (prompt[i] == closing && open > 0) open--;
            else if (prompt[i] == closing) stray++;
        }
        return (open, stray);
    }
}
