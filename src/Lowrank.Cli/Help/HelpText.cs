using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;

namespace Lowrank.Cli;

/// <summary>A command's help: what it does, how it is called, its options under headings, examples.</summary>
static class HelpText
{
    const int Indent = 2, Gap = 2, WidestLeft = 34;

    /// <summary>The text, broken into lines of at most <paramref name="width"/> characters where words allow it.</summary>
    public static string Of(CommandResult result, int width)
    {
        var command = result.Command;
        var path = PathOf(result);
        var text = new StringBuilder();
        foreach (var line in Wrap(command.Description ?? "", width)) text.AppendLine(line);
        text.AppendLine().AppendLine("Usage").AppendLine($"  {Usage(command, path)}");
        Section(text, "Arguments", command.Arguments.Where(a => !a.Hidden).Select(a => (ArgumentName(a), a.Description ?? "")), width);
        var commands = command.Subcommands.Where(c => !c.Hidden);
        Section(text, "Commands", commands.Select(c => (c.Name, FirstSentence(c.Description ?? ""))), width);

        var helpful = command as HelpfulCommand;
        foreach (var (title, options) in helpful?.Groups ?? [])
            Section(text, title, options.Where(o => !o.Hidden).Select(o => (OptionName(o), Meaning(o))), width);
        var grouped = helpful?.Groups.SelectMany(g => g.Options).ToHashSet() ?? [];
        var inherited = result.Parent is CommandResult parent ? parent.Command.Options.Where(o => o.Recursive) : [];
        var others = command.Options.Where(o => !o.Hidden && !grouped.Contains(o)).Concat(inherited);
        Section(text, "Options", others.Select(o => (OptionName(o), Meaning(o))), width);

        var examples = helpful?.Examples ?? RootExamples;
        text.AppendLine().AppendLine("Examples");
        string program = path.Split(' ')[0];
        foreach (var example in examples) text.AppendLine($"  {program} {example.Command}").AppendLine($"      {example.Meaning}");
        if (helpful is null)
            text.AppendLine().AppendLine("Exit codes: 0 done, 1 failed (stderr says why), 2 wrong command line, 130 stopped by Ctrl-C.");
        return text.ToString();
    }

    /// <summary>The command as it is typed: <c>lowrank train</c>.</summary>
    public static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "lowrank";

    static IReadOnlyList<Example> RootExamples =>
    [
        new("demo", "train on forty ink drawings and look at the result: some minutes, nothing needed"),
        new("train --pictures my-pictures --model models/emoji-sd --width 128 --height 128 --name mine", "train on your own pictures"),
        new("generate \"cat face\" --adapter out/mine.safetensors:0.8", "draw with what was learnt"),
        new("inspect out/mine.safetensors", "see what is in a file"),
    ];

    static string Usage(Command command, string path)
    {
        var parts = new List<string> { path };
        if (command.Subcommands.Count > 0) parts.Add("COMMAND");
        foreach (var argument in command.Arguments.Where(a => !a.Hidden))
        {
            bool isNeeded = argument.Arity.MinimumNumberOfValues > 0;
            parts.Add(isNeeded ? ArgumentName(argument) : $"[{ArgumentName(argument)}]");
        }
        parts.Add("[options]");
        return string.Join(' ', parts);
    }

    static string ArgumentName(Argument argument) =>
        (argument.HelpName ?? argument.Name.ToUpperInvariant()) + (argument.Arity.MaximumNumberOfValues > 1 ? " ..." : "");

    static string OptionName(Option option)
    {
        // Short spellings first, as in `-o, --output FILE`.
        var names = option.Aliases.Append(option.Name).Where(name => name[0] == '-').Distinct().OrderBy(name => name.Length);
        bool isSwitch = option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool);
        string spellings = string.Join(", ", names);
        return isSwitch ? spellings : $"{spellings} {option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant()}";
    }

    static string Meaning(Option option)
    {
        var meaning = option.Description ?? "";
        if (!option.HasDefaultValue || option.ValueType == typeof(bool)) return meaning;
        return option.GetDefaultValue() switch
        {
            null or "" => meaning,
            string value => $"{meaning} [{value}]",
            System.Collections.IEnumerable => meaning,
            var value => $"{meaning} [{Convert.ToString(value, CultureInfo.InvariantCulture)}]",
        };
    }

    static string FirstSentence(string text) => text.Split(". ", 2)[0].TrimEnd('.');

    static void Section(StringBuilder text, string title, IEnumerable<(string Left, string Right)> rows, int width)
    {
        var list = rows.ToList();
        if (list.Count == 0) return;
        text.AppendLine().AppendLine(title);
        int left = Math.Min(WidestLeft, list.Max(row => row.Left.Length));
        foreach (var (name, meaning) in list)
        {
            var lines = Wrap(meaning, Math.Max(20, width - Indent - left - Gap));
            var margin = new string(' ', Indent + left + Gap);
            // A name wider than the column gets a line of its own.
            if (name.Length > left) text.AppendLine($"  {name}").Append(margin);
            else text.Append("  ").Append(name.PadRight(left + Gap));
            text.AppendLine(string.Join(Environment.NewLine + margin, lines).TrimEnd());
        }
    }

    /// <summary>Breaks a text at blanks.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n'))
        {
            var line = new StringBuilder();
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
                {
                    lines.Add(line.ToString());
                    line.Clear();
                }
                if (line.Length > 0) line.Append(' ');
                line.Append(word);
            }
            lines.Add(line.ToString());
        }
        return lines;
    }
}
