using System.Text;

namespace Lowrank.Training.Tests;

/// <summary>The tables of docs/objectives.md, from the lists.</summary>
public sealed class ObjectiveTableTests
{
    [Fact]
    public void ThePageTellsEveryObjectiveAndItsOptions()
    {
        var text = new StringBuilder();
        foreach (var objective in Objectives.All)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append("## ").Append(objective.Name).Append("\n\n").Append(objective.Help);
            string others = string.Join(", ", objective.OtherNames.Select(name => $"`{name}`"));
            text.Append(others.Length == 0 ? ".\n" : $"; also called {others}.\n");
            if (objective.Arguments.Count == 0) continue;
            text.Append("\n| option | means | default | takes | also called |\n|---|---|---|---|---|\n");
            foreach (var argument in objective.Arguments) text.Append(Row(argument));
        }
        WrittenPage.Check("docs/objectives.md", "objectives", text.ToString());
    }

    static string Row(NamedArgument argument)
    {
        string standard = argument.Default.Length == 0 ? "" : $"`{argument.Default}`";
        string called = string.Join(", ", argument.AlsoCalled.Select(name => $"`{name}`"));
        return $"| `{argument.Name}` | {Cell(argument.Help)} | {standard} | {Cell(argument.RangeText ?? "")} | {called} |\n";
    }

    [Fact]
    public void ThePageTellsEveryFormOfDpo() => WrittenPage.Check("docs/objectives.md", "forms",
        "| form | is |\n|---|---|\n" + string.Concat(DpoOptions.Known.Select(form => $"| `{form.Name}` | {Cell(form.Help)} |\n")));

    [Fact]
    public void ThePageTellsEveryReward() => WrittenPage.Check("docs/objectives.md", "rewards",
        "| reward | is |\n|---|---|\n" + string.Concat(Rewards.All.Select(reward => $"| `{reward.Name}` | {Cell(reward.Help)} |\n")));

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
