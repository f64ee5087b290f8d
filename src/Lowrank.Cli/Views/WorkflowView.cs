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
            var table = new ResultTable("node", "class", "with", "gives");
            foreach (var node in plan.Nodes) AddRows(table, node);
            table.Write(console);
        }
        var facts = new FactList();
        facts.Add("graph", plan.Graph);
        foreach (var fault in plan.Faults) facts.Add("cannot run", fault);
        foreach (var line in plan.Account) facts.Add(line.NotUsed ? "not used" : "note", FieldNames.AsOptions(line.Text));
        facts.Write(console);
    }

    // A row for each input, the first with the node's name.
    static void AddRows(ResultTable table, PlannedNode node)
    {
        bool isNamed = node.Title != (GraphNodes.Find(node.Class)?.Title ?? node.Class);
        string name = isNamed ? $"{node.Class} \"{Short(node.Title)}\"" : node.Class;
        string[] inputs = [.. node.Inputs.Select(input => $"{input.Key}: {Short(input.Value)}").DefaultIfEmpty("")];
        for (int i = 0; i < inputs.Length; i++)
        {
            bool isFirst = i == 0;
            string id = isFirst ? node.Id : "", outputs = isFirst ? string.Join(", ", node.Outputs) : "";
            table.AddRow(Cell.Of(id), Cell.Of(isFirst ? name : ""), Cell.Of(inputs[i]), Cell.Of(outputs));
        }
    }

    public static void WriteFiles(WorkflowReport report)
    {
        foreach (string text in report.Texts) Console.WriteLine(text);
        foreach (string path in report.Files) Console.WriteLine(path);
    }

    static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "...";
}
