namespace Lowrank.Packaging.Tests;

/// <summary>How one text of lines became another.</summary>
static class LineDifference
{
    /// <summary>The lines that went (-) and came (+), each run of them under the line that they are indented below.</summary>
    public static string Between(string before, string after)
    {
        string[] old = before.Split('\n'), now = after.Split('\n');
        var common = new int[old.Length + 1, now.Length + 1];   // length of the longest common rest from (i, j) on
        for (int i = old.Length - 1; i >= 0; i--)
            for (int j = now.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);

        var lines = new List<string>();
        string place = "";
        for (int i = 0, j = 0; i < old.Length || j < now.Length;)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                i++;
                j++;
            }
            else if (j == now.Length || i < old.Length && common[i + 1, j] >= common[i, j + 1])
                Add('-', old, i++);
            else
                Add('+', now, j++);
        }
        return string.Join('\n', lines);

        void Add(char sign, string[] text, int at)
        {
            if (IsBare(text[at])) return;
            string above = Above(text, at);
            if (above != place && lines.LastOrDefault() != $"{sign} {above}") lines.Add($"  {above}");
            place = above;
            lines.Add($"{sign} {text[at]}");
        }
    }

    static string Above(string[] text, int at) =>
        text.Take(at).LastOrDefault(line => !IsBare(line) && Indent(line) < Indent(text[at])) ?? "";

    static bool IsBare(string line) => line.Trim() is "" or "{" or "}";

    static int Indent(string line) => line.Length - line.TrimStart().Length;
}
