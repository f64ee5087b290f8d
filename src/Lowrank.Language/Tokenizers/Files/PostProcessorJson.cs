using System.Text.Json;

namespace Lowrank.Language;

/// <summary>Reads the post-processor of tokenizer.json.</summary>
static class PostProcessorJson
{
    /// <summary>A post-processor.</summary>
    /// <exception cref="LowrankException">It is of a kind, or has a field, that is not understood.</exception>
    public static IPostProcessor Read(JsonPart part)
    {
        IPostProcessor? read = part.Type switch
        {
            "Sequence" => new SequenceProcessor([.. part.Parts("processors").Select(Read)]),
            "ByteLevel" => ByteLevel(part),
            "RobertaProcessing" => new RobertaProcessor(
                IdOf(part, "cls"), IdOf(part, "sep"), part.Flag("trim_offsets", true), part.Flag("add_prefix_space", true)),
            "BertProcessing" => new BertProcessor(IdOf(part, "cls"), IdOf(part, "sep")),
            "TemplateProcessing" => Template(part),
            _ => null,
        };
        return part.End(
            read ?? throw part.UnknownType("Sequence", "ByteLevel", "RobertaProcessing", "BertProcessing", "TemplateProcessing"));
    }

    static ByteLevelProcessor ByteLevel(JsonPart part)
    {
        part.Field("use_regex");   // of the pre-tokenizer of the same name
        return new(part.Flag("trim_offsets", true), part.Flag("add_prefix_space", true));
    }

    // ["</s>", 2]
    static int IdOf(JsonPart part, string name)
    {
        var pair = part.Field(name);
        bool isPair = pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair[1].ValueKind == JsonValueKind.Number;
        return isPair ? pair[1].GetInt32() : throw part.Fault($"has for \"{name}\" no pair of a token and its id");
    }

    static TemplateProcessor Template(JsonPart part)
    {
        var tokens = new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        foreach (var field in part.Fields("special_tokens"))
        {
            var token = new JsonPart(field.Value, $"{part.Place}.special_tokens.{field.Name}");
            tokens[field.Name] = [.. token.List("ids").Select(id => id.GetInt32())];
            token.Field("id");
            token.Field("tokens");
            token.End();
        }
        return new(Pieces("single"), Pieces("pair"));

        TemplatePart[] Pieces(string name) => [.. part.Parts(name).Select(piece => Piece(piece, tokens))];
    }

    static TemplatePart Piece(JsonPart piece, Dictionary<string, IReadOnlyList<int>> tokens)
    {
        bool isToken = piece.Has("SpecialToken");
        var inner = piece.Part(isToken ? "SpecialToken" : "Sequence");
        string id = inner.Text("id");
        int type = inner.Number("type_id", 0);
        inner.End();
        piece.End();
        if (!isToken) return new(null, id == "B" ? 1 : 0, type);
        return tokens.TryGetValue(id, out var ids) ? new(ids, 0, type) : throw piece.Fault($"names \"{id}\", which special_tokens lacks");
    }
}
