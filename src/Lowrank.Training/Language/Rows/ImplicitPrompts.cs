namespace Lowrank.Training;

/// <summary>Pairs that do not part prompt and answers: what both begin with is the prompt.</summary>
static class ImplicitPrompts
{
    /// <summary>
    /// The pair with its prompt: the characters, or messages, that both begin with, a space before the first difference apart. Of equal
    /// ones, and where one begins with the other, all but the shorter's last.
    /// </summary>
    /// <remarks>TRL 1.16, extract_prompt. Where the first character differs the prompt is empty; TRL takes the last character of the chosen
    /// text for the one before the first.</remarks>
    public static Example Parted(Example example)
    {
        if (example.Prompt is not null) return example;
        return example.Chosen!.Messages is null ? Texts(example) : Messages(example);
    }

    static Example Texts(Example example)
    {
        string chosen = example.Chosen!.Text!, rejected = example.Rejected!.Text!;
        int shorter = Math.Min(chosen.Length, rejected.Length), at = 0;
        while (at < shorter && chosen[at] == rejected[at]) at++;
        if (at == shorter) at = Math.Max(0, at - 1);
        else if (at > 0 && chosen[at - 1] == ' ') at--;
        bool isWithinPair = at > 0 && at < chosen.Length && char.IsSurrogatePair(chosen[at - 1], chosen[at]);
        if (isWithinPair) at--;
        return example with { Prompt = Said.Of(chosen[..at]), Chosen = Said.Of(chosen[at..]), Rejected = Said.Of(rejected[at..]) };
    }

    static Example Messages(Example example)
    {
        var (chosen, rejected) = (example.Chosen!.Messages!, example.Rejected!.Messages!);
        int shorter = Math.Min(chosen.Count, rejected.Count), at = 0;
        while (at < shorter && AreSame(chosen[at], rejected[at])) at++;
        if (at == shorter) at = Math.Max(0, at - 1);
        return example with
        {
            Prompt = Said.Of([.. chosen.Take(at)]), Chosen = Said.Of([.. chosen.Skip(at)]), Rejected = Said.Of([.. rejected.Skip(at)]),
        };
    }

    static bool AreSame(ChatMessage first, ChatMessage second) => PythonJson.Write(first.Fields) == PythonJson.Write(second.Fields);
}
