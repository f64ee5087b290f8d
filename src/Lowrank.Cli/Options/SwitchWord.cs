namespace Lowrank.Cli;

/// <summary>
/// A word of a call that gives a switch its value: --resume=yes. The parser knows true and false alone, and takes any other value for the
/// next word of the call.
/// </summary>
static class SwitchWord
{
    /// <summary>The word as the parser reads it; itself where it gives no switch a value that can be read.</summary>
    public static string Plain(string word, Command command)
    {
        if (SwitchIn(word, command) is not var (name, text)) return word;
        return PlainValue.ReadSwitch(text) is { } value ? $"{name}={PlainValue.Text(value)}" : word;
    }

    /// <summary>What is wrong with the value; null where nothing is, or the word gives none to a switch.</summary>
    public static string? Fault(string word, Command command)
    {
        if (SwitchIn(word, command) is not var (name, text) || PlainValue.ReadSwitch(text) is not null) return null;
        return $"{name} is on or off, and \"{text}\" is neither: give true or false.";
    }

    static (string Name, string Text)? SwitchIn(string word, Command command)
    {
        int at = word.IndexOf('=');
        if (at < 0 || !word.StartsWith('-')) return null;
        string name = word[..at];
        bool isSwitch = command.Options.OfType<Option<bool>>().Any(option => option.Name == name || option.Aliases.Contains(name));
        return isSwitch ? (name, word[(at + 1)..]) : null;
    }
}
