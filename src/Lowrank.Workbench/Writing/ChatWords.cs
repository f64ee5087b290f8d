namespace Lowrank.Workbench;

/// <summary>What is said in a conversation to the program and not to the model: lines that begin with a slash.</summary>
public static class ChatWords
{
    /// <summary>Each word with what it does, for a help.</summary>
    public static IReadOnlyList<(string Word, string Meaning)> All { get; } =
    [
        ("/adapter", "what adapters are on the model"),
        ("/adapter FILE[:STRENGTH]", "put one on it; of one that is on it, by its name, switch it on or off"),
        ("/strength [NAME] NUMBER", "give one another strength"),
        ("/reset", "forget what was said"),
        ("/help", "show this"),
        ("/exit", "end (as the end of the input does)"),
    ];

    /// <summary>Whether a line is one of them.</summary>
    public static bool IsOne(string line) => line.StartsWith('/');

    /// <summary>Does what a line says.</summary>
    /// <returns>What to show; null ends the conversation.</returns>
    /// <exception cref="LowrankException">There is no such word, or it cannot be done.</exception>
    public static IReadOnlyList<string>? Do(ChatSession session, string line)
    {
        string[] parts = line.Split(' ', 2, StringSplitOptions.TrimEntries);
        string rest = parts.Length > 1 ? parts[1] : "";
        bool takesNone = parts[0] is "/reset" or "/help" or "/exit";
        if (takesNone && rest.Length > 0)
            throw new LowrankException($"{parts[0]} stands alone, and \"{rest}\" stands behind it: nothing was done.");
        switch (parts[0])
        {
            case "/adapter" when rest.Length > 0: return [session.TakeAdapter(rest)];
            case "/adapter": return session.Adapters.Count > 0 ? session.Adapters : ["There are no adapters on the model."];
            case "/strength": return [session.SetStrength(rest)];
            case "/reset":
                session.Reset();
                return ["What was said is forgotten."];
            case "/help": return [.. All.Select(one => $"{one.Word,-26}{one.Meaning}")];
            case "/exit": return null;
            default:
                var words = All.Select(one => one.Word.Split(' ')[0]).Distinct();
                throw new LowrankException($"there is no {parts[0]}: there are {string.Join(", ", words)}. " +
                    "A message that begins with a slash is written with a space before it.");
        }
    }
}
