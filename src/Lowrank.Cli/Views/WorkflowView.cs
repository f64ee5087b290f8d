using Lowrank.Graphs;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Draws what a ComfyUI graph would do, and what it did.</summary>
static class WorkflowView
{
    // Of a text in a table; --json has all of it.
    const int LongestText = 60;

    public static void Write(WorkflowPlan plan, IAnsiConsole console)
    {
        if (plan.Nodes.Count > 0)
        {
            var table = Terminal.Table("node", "class", "with", "gives");
            foreach (var node in plan.Nodes)
            {
                string inputs = string.Join("\n", node.Inputs.Select(input => $"{input.Key}: {Short(input.Value)}"));
                string title = node.Title == (GraphNodes.Find(node.Class)?.Title ?? node.Class) ? "" : $"\n\"{Short(node.Title)}\"";
                table.AddRow(Cell.Of(node.Id), Cell.Of(node.Class + title), Cell.Of(inputs), Cell.Of(string.Join(", ", node.Outputs)));
            }
            console.Write(table);
        }
        var facts = new FactList();
        facts.Add("graph", plan.Graph);
        foreach (var fault in plan.Faults) facts.Add("cannot run", fault);
        foreach (var line in plan.Account) facts.Add(line.NotUsed ? "not used" : "note", line.Text);
        facts.Write(console);
    }

    public static void WriteFiles(WorkflowReport report)
    {
        foreach (string text in report.Texts) Console.WriteLine(text);
        foreach (string path in report.Files) Console.WriteLine(path);
    }

    static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "...";
}
