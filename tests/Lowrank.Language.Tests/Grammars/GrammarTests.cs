using System.Text;
using System.Text.Json;

namespace Lowrank.Language.Tests;

/// <summary>Grammars and what they hold texts to.</summary>
public class GrammarTests
{
    // Every byte, an end token, and some longer ones.
    static readonly TokenTexts texts = new(
        [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), [], .. new[] { "ab", "abc", "é", "\": ", "12", "true", "☕é" }.Select(Encoding.UTF8.GetBytes)], [256]);

    static readonly SortedTokens tokens = new(texts);

    static bool Fits(Grammar grammar, string text)
    {
        var matcher = new GrammarMatcher(grammar, tokens);
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (!matcher.Allows(value)) return false;
            matcher.Accept(value);
        }
        return matcher.MayEnd;
    }

    [Theory]
    [InlineData("root ::= \"a\" (\"b\" | \"c\")* \"d\"?", "abcbd,a,ad", "b,abda,")]
    [InlineData("root ::= [0-9]{2,3} [^0-9]", "12x,123é", "1x,1234x,12")]
    [InlineData("root ::= x ([,] x)*\nx ::= \"[\" x \"]\" | [a-c]+ # letters", "abc,[[a]];[a],b", "[a;[,]")]
    [InlineData("root ::= \"\\u00e9\" .", "é☕,éa", "é,e☕")]
    [InlineData("root ::= \"a\"{2}*", ",aa,aaaa", "a,aaa")]
    public void TextsFitOrDoNot(string gbnf, string fitting, string others)
    {
        var grammar = GbnfParser.Parse(gbnf);
        char between = fitting.Contains(';') ? ';' : ',';
        if (between == ';') Assert.True(Fits(grammar, "abc,[[a]]"));
        else Assert.All(fitting.Split(between), text => Assert.True(Fits(grammar, text), text));
        Assert.All(others.Split(between), text => Assert.False(Fits(grammar, text), text));
    }

    [Theory]
    [InlineData("root ::= \"a\"* [^a]", ""), InlineData("root ::= [a-z]+ \"é\" | \"☕\" .", "ab"), InlineData("root ::= (\"ab\" | \"abc\" \"12\")+", "ab")]
    public void AllTokensThatAreAllowedTogetherAreThoseThatAreAllowedAlone(string gbnf, string before)
    {
        var matcher = new GrammarMatcher(GbnfParser.Parse(gbnf), tokens);
        foreach (char c in before) matcher.Accept(c);
        var allowed = matcher.Allowed();
        for (int id = 0; id < texts.Count; id++)
            if (!texts.IsEnd(id)) Assert.True(allowed[id] == matcher.Allows(id), $"token {id}");
    }

    [Theory]
    [InlineData("root ::= \"a", "line 1, column 10")]
    [InlineData("root ::= [a-", "line 1, column 10")]
    [InlineData("x ::= \"a\"", "no rule \"root\"")]
    [InlineData("root ::= y", "no rule \"y\"")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", "stands twice")]
    [InlineData("root ::= \"\\q\"", "no escape")]
    [InlineData("root ::= root \"a\" | \"b\"", "begins with itself")]
    [InlineData("root ::= x \"c\"\nx ::= \"a\"? x \"b\" | \"d\"", "begins with itself")]
    [InlineData("root ::= \"a\"{3,2}", "no range")]
    public void FaultsAreToldWithTheirPlace(string gbnf, string told) =>
        Assert.Contains(told, Assert.Throws<LowrankException>(() => GbnfParser.Parse(gbnf)).Message);

    [Fact]
    public void BracketsWithinEachOtherAreBounded()
    {
        string Nested(int depth) => new string('(', depth) + "a" + new string(')', depth);
        string Gbnf(int depth) => $"root ::= {Nested(depth).Replace("a", "\"a\"")}";
        JsonElement Schema(int depth) => JsonSerializer.SerializeToElement(new { pattern = $"^{Nested(depth)}$" });
        Assert.True(Fits(GbnfParser.Parse(Gbnf(200)), "a"));
        Assert.True(Fits(JsonSchemaGrammar.Of(Schema(200)).Grammar, "\"a\""));
        Assert.Contains("more than 200 brackets", Assert.Throws<LowrankException>(() => GbnfParser.Parse(Gbnf(100_000))).Message);
        Assert.Contains("more than 200 brackets", Assert.Throws<LowrankException>(() => JsonSchemaGrammar.Of(Schema(100_000))).Message);
    }

    [Fact]
    public void ThousandsOfPartsThatMayBeEmptyFollowEachOther()
    {
        var grammar = GbnfParser.Parse("root ::= ((\"a\"?){2000}){30}");
        Assert.True(Fits(grammar, "aa"));
        Assert.False(Fits(grammar, "b"));
    }

    [Fact]
    public void ManyRepetitionsOfOnePartAreReadOrRefused()
    {
        string Gbnf(int signs) => $"root ::= \"a\" {new string('*', signs)}";
        Assert.True(Fits(GbnfParser.Parse(Gbnf(3)), "aaa"));
        Assert.Throws<LowrankException>(() => GbnfParser.Parse(Gbnf(1_000_000)));
    }

    [Fact]
    public void ManyPropertiesOfLongNamesAreRead()
    {
        var properties = Enumerable.Range(0, 500).ToDictionary(number => $"{number:0000}{new string('x', 20)}", _ => true);
        var schema = JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false,
        });
        Assert.True(Fits(JsonSchemaGrammar.Of(schema).Grammar, "{}"));
    }

    [Fact]
    public void AnAnswerIsHeldToAGrammarBeforeAndAfterTheDraw()
    {
        var grammar = GbnfParser.Parse("root ::= \"yes\" | \"no\"");
        var logits = new float[texts.Count];
        logits['z'] = 9;
        logits['n'] = 1;
        var sampler = new GrammarSampler(new TransformersSampler(new()), new(grammar, tokens));
        var processed = new TransformersSampler(new() { Processors = [new GrammarProcessor(new(grammar, tokens))] });
        foreach (TokenSampler one in new TokenSampler[] { sampler, processed })
        {
            var written = new List<int>();
            while (written.Count == 0 || written[^1] != 256) written.Add(one.Next(new([.. written], 0), [.. logits]));
            Assert.Equal(['n', 'o', 256], written);
        }
    }

    [Fact]
    public void WhereTheTextCanOnlyGoOnInOneWayTheLongestTokenIsTaken()
    {
        var matcher = new GrammarMatcher(GbnfParser.Parse("root ::= \"abc\""), tokens) { TakesLongest = true };
        Assert.Equal([258], Enumerable.Range(0, texts.Count).Where(id => matcher.Allowed()[id]));
        var free = new GrammarMatcher(GbnfParser.Parse("root ::= \"ab\" [cd]"), tokens) { TakesLongest = true };
        Assert.Equal(['a', 257, 258], Enumerable.Range(0, texts.Count).Where(id => free.Allowed()[id]));
    }

    [Theory, InlineData(5, 27), InlineData(-7, 3), InlineData(-120, -15), InlineData(0, 1000), InlineData(99, null), InlineData(null, 105), InlineData(null, -8)]
    public void IntegersFitWithinTheirBounds(int? least, int? most)
    {
        var bounds = new Dictionary<string, object?> { ["type"] = "integer" };
        if (least is not null) bounds["minimum"] = least;
        if (most is not null) bounds["maximum"] = most;
        var grammar = Schema(JsonSerializer.Serialize(bounds));
        for (int number = -1300; number <= 1300; number++)
            Assert.True((number >= (least ?? int.MinValue) && number <= (most ?? int.MaxValue)) == Fits(grammar, $"{number}"), $"{number}");
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["b"],"additionalProperties":false}""",
        """{"a":1,"b":"x"}|{"b":"\u00e9\n"}|{ "a" : -3 , "b" : "" }""", """{"a":1}|{"b":1}|{"b":"x","a":1}|{"b":"x",}|{"b":"x","c":1}|[]""")]
    [InlineData("""{"type":"object","properties":{"ab":{"type":"null"}},"additionalProperties":{"type":"boolean"}}""",
        """{}|{"ab":null,"abc":true}|{"a":false}|{"x":true,"":false}""", """{"ab":true}|{"a":null}|{"ab":null,"ab":true}""")]
    [InlineData("""{"type":"array","items":{"enum":[1,"two",null]},"minItems":1,"maxItems":2}""", """[1]|["two", null]""", """[]|[1,1,1]|[2]""")]
    [InlineData("""{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}],"items":false}""", """[]|["a"]|["a",1.5e3]""", """[1]|["a",1,2]""")]
    [InlineData("""{"$ref":"#/$defs/tree","$defs":{"tree":{"type":"array","items":{"$ref":"#/$defs/tree"}}}}""", """[]|[[],[[]]]""", """[1]|[[]""")]
    [InlineData("""{"type":"string","pattern":"^(a|b\\d){2}\"?$"}""", """ "aa"|"b1a\""|"ab2" """, """ "a"|"b1"|"aaa" """)]
    [InlineData("""{"type":["string","null"],"maxLength":2}""", """null|""|"é☕" """, """ "abc"|1""")]
    [InlineData("""{"type":"string","pattern":"^a\\\\$"}""", """ "a\\" """, """ "a"|"a\\b" """)]
    [InlineData("""{"type":"object","properties":{"a\"b":{"type":"null"}},"additionalProperties":true}""",
        """{"a\"b":null}|{"a":1}|{"a\\":1}|{"a\"":1}|{"a\"bc":1}""", """{"a"b":1}|{"a\"b":1}|{"a"":1}""")]
    public void JsonFitsItsSchema(string schema, string fitting, string others)
    {
        var grammar = Schema(schema);
        Assert.All(fitting.Trim().Split('|'), text => Assert.True(Fits(grammar, text), text));
        Assert.All(others.Trim().Split('|'), text => Assert.False(Fits(grammar, text), text));
    }

    [Theory]
    [InlineData("""{"a":[1,-2.5e+3,true,null,{"b":""}]}"""), InlineData("""[ ]"""), InlineData("\"\\u00e9\\\\\""), InlineData("0"), InlineData("{ }")]
    public void AnyJsonFitsTheOpenSchema(string json) => Assert.True(Fits(JsonSchemaGrammar.AnyJson(), json));

    [Theory]
    [InlineData("""{"type":"number","multipleOf":2}""", "multipleOf"), InlineData("""{"type":"strnig"}""", "strnig")]
    [InlineData("""{"properties":{"a":{"not":{}}}}""", "#/properties/a"), InlineData("""{"$ref":"#/$defs/x"}""", "$defs")]
    [InlineData("""{"type":"object","required":["a"],"additionalProperties":false}""", "requires a"), InlineData("""{"pattern":"(?=a)"}""", "looks around")]
    [InlineData("""{"pattern":"a{2,b}"}""", "begins no count"), InlineData("""{"pattern":"a{3,2}"}""", "from 3 to 2")]
    [InlineData("""{"pattern":"a{2}+"}""", "behind a repetition"), InlineData("""{"pattern":"^(a)|(b)$"}""", "bind closer")]
    [InlineData("""{"type":"string","minLength":2000000000}""", "more than 200000 parts")]
    [InlineData("""{"type":"string","pattern":"^(a{1000000000}){2}$"}""", "more than 200000 parts")]
    public void WhatCannotBeHeldIsAnErrorWithItsPlace(string schema, string told) =>
        Assert.Contains(told, Assert.Throws<LowrankException>(() => Schema(schema)).Message);

    [Fact]
    public void WhatIsHeldLessStrictlyIsNoted()
    {
        var schema = JsonDocument.Parse("""{"oneOf":[{"type":"string","format":"email"},{"type":"null"}]}""").RootElement;
        Assert.Equal(2, JsonSchemaGrammar.Of(schema).Notes.Count);
    }

    [Theory]
    [InlineData("""{"$ref": 5}""", "\"$ref\" that is a number, and a text"), InlineData("""{"type": "number", "minimum": "0"}""", "a number is wanted")]
    [InlineData("""{"pattern": 5}""", "a text is wanted"), InlineData("""{"prefixItems": 5}""", "a list is wanted")]
    [InlineData("""{"required": "a"}""", "a list is wanted"), InlineData("""{"required": [1]}""", "a number in \"required\"")]
    [InlineData("""{"properties": []}""", "an object is wanted"), InlineData("""{"type": "integer", "exclusiveMaximum": true}""", "a number is wanted")]
    public void WhatBelongsToNoKeywordIsToldWithItsPlace(string schema, string told)
    {
        string message = Assert.Throws<LowrankException>(() => Schema(schema)).Message;
        Assert.Contains("the schema's #", message);
        Assert.Contains(told, message);
    }

    static Grammar Schema(string json) => JsonSchemaGrammar.Of(JsonDocument.Parse(json).RootElement).Grammar;
}
