using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Templates rendered by transformers: whole conversations, turn by turn, and single features of Jinja.</summary>
public class ChatTemplateGoldens
{
    const string First = "language/chat", Second = "language/chat2";

    public static IEnumerable<TheoryDataRow<int>> Chats => Rows(First, "cases.json", "cases");

    public static IEnumerable<TheoryDataRow<int>> Chats2 => Rows(Second, "cases.json", "cases");

    public static IEnumerable<TheoryDataRow<int>> Features => Rows(First, "jinja_cases.json", "cases");

    public static IEnumerable<TheoryDataRow<int>> Features2 => Rows(Second, "snippets.json", "cases");

    public static IEnumerable<TheoryDataRow<int>> Malformed => Rows(Second, "snippets.json", "malformed");

    public static IEnumerable<TheoryDataRow<int>> Masks => Rows(Second, "masks.json", "cases");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Chats)), Trait("kind", "goldens")]
    public void Chat(int number) => Run(First, "cases.json", "cases", number, Renders);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Chats2)), Trait("kind", "goldens")]
    public void Chat2(int number) => Run(Second, "cases.json", "cases", number, Renders);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Features)), Trait("kind", "goldens")]
    public void Feature(int number) => Run(First, "jinja_cases.json", "cases", number, RendersAlone, " features");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Features2)), Trait("kind", "goldens")]
    public void Feature2(int number) => Run(Second, "snippets.json", "cases", number, RendersAlone, " features");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Malformed)), Trait("kind", "goldens")]
    public void MalformedTemplate(int number) => Run(Second, "snippets.json", "malformed", number, RendersAlone, " malformed");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Masks)), Trait("kind", "goldens")]
    public void Mask(int number) => Run(Second, "masks.json", "cases", number, MasksTurns, " masks");

    static IEnumerable<TheoryDataRow<int>> Rows(string group, string file, string list) => GoldenFolder.Groups.Contains(group)
        ? Enumerable.Range(0, File(group, file).GetProperty(list).GetArrayLength()).Select(i => new TheoryDataRow<int>(i))
        : [];

    static JsonElement File(string group, string file) => ChatGoldenFile.Open(GoldenGroup.Open(group), file);

    static void Run(string group, string file, string list, int number, Action<string, JsonElement, JsonElement> body, string part = "")
    {
        var whole = File(group, file);
        var json = whole.GetProperty(list)[number];
        string name = $"{number:000} {json.GetProperty("template").GetString()}";
        Golden.Run(group + part, name, () => body(group, whole, json));
    }

    static void Renders(string group, JsonElement whole, JsonElement json)
    {
        var template = ChatGoldenFile.Template(group, whole, json);
        var conversation = ChatGoldenFile.Conversation(whole, json);
        Agrees(json, () => template.Render(conversation, ChatGoldenFile.Options(whole, json)).Text);
        if (!json.TryGetProperty("ids", out var ids)) return;
        var tokenizer = ChatGoldenFile.Tokenizer(Path.Combine(GoldenGroup.Open(group).Folder, "..", json.GetProperty("tokenizer").GetString()!));
        var rendered = template.Render(conversation, ChatGoldenFile.Options(whole, json));
        var tokens = rendered.Encode(tokenizer);
        Assert.Equal(Numbers(ids), tokens.Ids);
        if (json.TryGetProperty("assistant_mask", out var mask)) Assert.Equal(Numbers(mask), rendered.Mask(tokens, rendered.Generated));
    }

    static void RendersAlone(string group, JsonElement whole, JsonElement json)
    {
        var context = whole.TryGetProperty("context", out var given) ? ChatGoldenFile.Fields(given) : new Dictionary<string, object?>();
        DateTime? now = ChatGoldenFile.Now(whole);
        string source = json.GetProperty("template").GetString()!;
        if (json.TryGetProperty("accepted", out _)) JinjaTemplate.Read(source);
        else Agrees(json, () => JinjaTemplate.Read(source).Render(context, now).Text);
    }

    // The text, or the fault by its kind, words and line.
    static void Agrees(JsonElement json, Func<string> render)
    {
        if (json.TryGetProperty("text", out var text))
        {
            Assert.Equal(text.GetString(), render());
            return;
        }
        var fault = Assert.Throws<TemplateException>(render);
        Assert.Equal(json.GetProperty("error").GetString(), fault.Kind);
        Assert.StartsWith(json.GetProperty("message").GetString()!.TrimEnd(), fault.Reason, StringComparison.Ordinal);
        if (json.TryGetProperty("line", out var line) && line.ValueKind == JsonValueKind.Number) Assert.Equal(line.GetInt32(), fault.Line);
    }

    static void MasksTurns(string group, JsonElement whole, JsonElement json)
    {
        var cases = File(group, "cases.json");
        var template = ChatGoldenFile.Template(group, cases, json);
        var turns = template.RenderTurns(ChatGoldenFile.Conversation(cases, json), ChatGoldenFile.Options(cases, json));
        if (json.TryGetProperty("text", out var text)) Assert.Equal(text.GetString(), turns.Whole.Text);
        Assert.Equal(json.GetProperty("whole_row_can_be_masked").GetBoolean(), turns.WholeCanBeMasked);
        var wanted = json.GetProperty("turns").EnumerateArray().ToList();
        Assert.Equal(wanted.Count, turns.Turns.Count);
        foreach (var (want, turn) in wanted.Zip(turns.Turns)) AgreesTurn(want, turn);
        if (!json.TryGetProperty("ids", out var ids)) return;
        string tokenizer = Path.Combine(GoldenGroup.Open(group).Folder, whole.GetProperty("tokenizer").GetString()!);
        var tokens = turns.Whole.Encode(ChatGoldenFile.TokenizerWith(cases, tokenizer));
        Assert.Equal(Numbers(ids), tokens.Ids);
        if (json.TryGetProperty("generation_mask", out var marked)) Assert.Equal(Numbers(marked), turns.Whole.Mask(tokens, turns.Whole.Generated));
        if (json.TryGetProperty("assistant_mask", out var mask))
            Assert.Equal(Numbers(mask), turns.Whole.Mask(tokens, [.. turns.Turns.Select(turn => turn.Answer!.Value)]));
    }

    static IEnumerable<int> Numbers(JsonElement list) => list.EnumerateArray().Select(one => one.GetInt32());

    static void AgreesTurn(JsonElement want, ChatTurn turn)
    {
        Assert.Equal(want.GetProperty("message").GetInt32(), turn.Message);
        Assert.Equal(want.GetProperty("prompt_is_prefix").GetBoolean(), turn.PromptIsPrefix);
        Assert.Equal(want.GetProperty("stays_in_whole").GetBoolean(), turn.StaysInWhole);
        if (want.TryGetProperty("prompt_differs_at", out var asked)) Assert.Equal(asked.GetInt32(), turn.Prompt.ToCodePoints(turn.PromptDiffersAt!.Value));
        if (want.TryGetProperty("whole_differs_at", out var later)) Assert.Equal(later.GetInt32(), turn.Text.ToCodePoints(turn.WholeDiffersAt!.Value));
        if (want.TryGetProperty("span", out var span))
        {
            var answer = turn.Text.ToCodePoints(turn.Answer!.Value);
            Assert.Equal([.. span.EnumerateArray().Select(place => place.GetInt32())], [answer.Start, answer.End]);
        }
        if (!want.TryGetProperty("own_row", out var row)) return;
        Assert.Equal(row.GetProperty("prompt_length").GetInt32(), turn.Text.ToCodePoints(turn.Answer!.Value.Start));
        Assert.Equal(row.GetProperty("completion").GetString(), turn.Text.Text[turn.Answer.Value.Start..]);
    }
}
