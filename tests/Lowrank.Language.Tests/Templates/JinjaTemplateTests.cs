namespace Lowrank.Language.Tests;

public sealed class JinjaTemplateTests
{
    static readonly Dictionary<string, object?> nothing = [];

    static string Rendered(string source, Dictionary<string, object?>? variables = null) =>
        JinjaTemplate.Read(source).Render(variables ?? nothing).Text;

    [Theory]
    [InlineData(""), InlineData("a"), InlineData("a\nb"), InlineData("{ a } % #"), InlineData("}} %} #}"), InlineData("  \n\n  x")]
    public void TextWithoutBracesIsItself(string text) => Assert.Equal(text, Rendered(text));

    [Theory]
    [InlineData("a\n\n  {{ b.c }}", "UndefinedError", 3, 7)]
    [InlineData("{% if true %}\n {{ 1 / 0 }}{% endif %}", "ZeroDivisionError", 2, 5)]
    [InlineData("{% macro m() %}\n\n{{ x.y }}{% endmacro %}{{ m() }}", "UndefinedError", 3, 5)]
    [InlineData("{% for a in 5 %}{% endfor %}", "TypeError", 1, 4)]
    [InlineData("one\n{{ two three }}", "TemplateSyntaxError", 2, 8)]
    [InlineData("one\n\n {{ 'two }}", "TemplateSyntaxError", 3, 5)]
    public void AFaultHasLineAndColumn(string source, string kind, int line, int column)
    {
        var fault = Assert.Throws<TemplateException>(() => Rendered(source));
        Assert.Equal((kind, line, column), (fault.Kind, fault.Line, fault.Column));
        Assert.Contains($"line {line}, column {column}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ '{:{}}|{:>{}}'.format(1, 3, 'a', 2) }}", "  1| a")]
    [InlineData("{{ '%.*f' % (-3, 2.6) }}{{ '%.*s' % (-1, 'ab') }}", "3")]
    [InlineData("{{ ('%.60000000f' % 0.5) | length }}", "60000002")]
    [InlineData("{{ ('%.1200f' % 0.1)[1000:] | replace('0', '') | length }}", "0")]
    [InlineData("{{ 15 | round(-3000000000) }}", "0")]
    public void NumbersAreLaidOutAsInPython(string source, string rendered) => Assert.Equal(rendered, Rendered(source));

    [Fact]
    public void AFaultNamesTheTemplate()
    {
        var fault = Assert.Throws<TemplateException>(() => JinjaTemplate.Read("{{ a", "tool_use of my-model"));
        Assert.Contains("At tool_use of my-model, line 1", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}", "without an end")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "recursion")]
    [InlineData("{% set n = namespace(s='aaaaaaaaaa') %}{% for i in range(100) %}{% set n.s = n.s ~ n.s %}{% endfor %}", "parts")]
    [InlineData("{{ 'a' * 10000000000 }}", "parts")]
    [InlineData("{{ [0] * 10000000000 }}", "parts")]
    [InlineData("{{ 9 ** 99999 }}", "bits")]
    [InlineData("{{ '%999999999d' % 1 }}", "parts")]
    [InlineData("{{ '{:>999999999}'.format(1) }}", "parts")]
    [InlineData("{{ 'a' | center(999999999) }}", "parts")]
    [InlineData("{{ 'a\nb' | indent(999999999) }}", "parts")]
    [InlineData("{{ 'a'.ljust(999999999) }}{{ 'a'.zfill(999999999) }}", "parts")]
    [InlineData("{% set n = namespace(l=[]) %}{% for i in range(99999) %}{% set n.l = [n.l] %}{% endfor %}{{ n.l }}", "recursion")]
    [InlineData("{% set n = namespace(t=()) %}{% for i in range(99999) %}{% set n.t = (n.t,) %}{% endfor %}{{ {n.t: 1} }}", "recursion")]
    [InlineData("{% set n = namespace(l=[]) %}{% for i in range(1000) %}{% set n.l = [n.l] %}{% endfor %}{{ n.l | tojson }}", "1000 are allowed")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(99999) %}{% set n.l = n.l + n.l %}{% endfor %}", "parts")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(99999) %}{% set n.l = [n.l] %}{% endfor %}{{ n.l | pprint }}", "recursion")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(99999) %}{% set n.l = n.l | unique %}{% endfor %}{{ n.l | list }}", "recursion")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(99999) %}{% set n.l = n.l | batch(2) %}{% endfor %}{{ n.l | list }}", "recursion")]
    [InlineData("{{ ('{0:' * 50000 ~ '}' * 50000).format(1) }}", "Max string recursion exceeded")]
    [InlineData("{{ '{:{:{}}}'.format(1, 2, 3) }}", "Max string recursion exceeded")]
    [InlineData("{{ '%d' % (1e308 * 10) }}", "cannot convert float infinity to integer")]
    [InlineData("{{ '%d' % (1e308 * 10 - 1e308 * 10) }}", "cannot convert float NaN to integer")]
    [InlineData("{{ '%*d' % (-3000000000, 1) }}", "parts")]
    public void WhatDoesNotEndIsStopped(string source, string told)
    {
        var fault = Assert.Throws<TemplateException>(() => Rendered(source));
        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one\n{% for a in range(90000) %}\n {% for b in range(90000) %}\n{% set c = b %}x{% endfor %}{% endfor %}", 3, 5)]
    [InlineData("{% for a in range(90000) %}\n {% for b in range(90000) if b.c %}{% endfor %}{% endfor %}", 2, 5)]
    [InlineData("one\n\n{% macro m() %}\n {{ m() }}{% endmacro %}{{ m() }}", 4, 6)]
    public void WhatDoesNotEndIsToldWithItsPlace(string source, int line, int column)
    {
        var fault = Assert.Throws<TemplateException>(() => Rendered(source));
        Assert.Equal((line, column), (fault.Line, fault.Column));
    }

    [Fact]
    public void ValuesWithinEachOtherAreWrittenToTheirBound()
    {
        string source = "{% set n = namespace(l=[]) %}{% for i in range(999) %}{% set n.l = [n.l] %}{% endfor %}{{ n.l | tojson }}";
        string? text = null;
        Assert.Null(OnSmallStack(() => text = Rendered(source)));
        Assert.Equal(new string('[', 1000) + new string(']', 1000), text);
    }

    [Theory]
    [InlineData("{{ '%c' % 1114112 }}"), InlineData("{{ '%c' % -1 }}"), InlineData("{{ '{:c}'.format(99999999999) }}")]
    public void ANumberBeyondUnicodeIsNoCharacter(string source) =>
        Assert.Equal("OverflowError", Assert.Throws<TemplateException>(() => Rendered(source)).Kind);

    // What stands within itself: what is before the outermost, what opens and closes one, and how many are allowed.
    public static TheoryData<string, string, string, int> Nested => new()
    {
        { "{{ ", "(", ") }}", 100 }, { "{{ ", "[", "] }}", 100 }, { "{{ ", "{1: ", "} }}", 100 }, { "{{ ", "x[", "] }}", 100 },
        { "{{ ", "range(", ") }}", 100 }, { "{{ ", "1 | default(", ") }}", 100 }, { "{{ ", "1 is sameas(", ") }}", 100 },
        { "{{ ", "not ", " }}", 200 }, { "{{ ", "-", " }}", 200 }, { "{{ ", "0 if 0 else ", " }}", 200 },
        { "", "{% if 1 %}", "{% endif %}", 200 }, { "", "{% if 0 %}{% else %}", "{% endif %}", 200 },
        { "", "{% for a in 'b' %}", "{% endfor %}", 200 }, { "", "{% set a %}", "{% endset %}", 200 },
        { "", "{% macro m() %}", "{% endmacro %}", 200 }, { "", "{% filter upper %}", "{% endfilter %}", 200 },
    };

    // "b }}" closes with "b", and ends with the "}}".
    static string Within(string begin, string open, string close, int depth)
    {
        string[] parts = close.EndsWith(" }}", StringComparison.Ordinal) ? [close[..^3], " }}"] : [close, ""];
        return "\n" + begin + string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(parts[0], depth)) + parts[1];
    }

    // A stack too small for what is allowed, on any processor.
    static Exception? OnSmallStack(Action act)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(act), 192 << 10);
        thread.Start();
        thread.Join();
        return thrown;
    }

    [Theory, MemberData(nameof(Nested))]
    public void WhatIsAsDeepAsIsAllowedIsRenderedOnASmallStack(string begin, string open, string close, int allowed)
    {
        string source = Within(begin, open, close, allowed);
        // x is no variable, and a range none of a range.
        var fault = OnSmallStack(() => Rendered(source));
        if (open is "x[" or "range(") Assert.NotEqual("RecursionError", Assert.IsType<TemplateException>(fault).Kind);
        else Assert.Null(fault);
    }

    [Theory, MemberData(nameof(Nested))]
    public void WhatIsTooDeepIsAFaultWithItsLine(string begin, string open, string close, int allowed)
    {
        foreach (int depth in new[] { allowed + 1, 200_000 })
        {
            var fault = Assert.IsType<TemplateException>(OnSmallStack(() => Rendered(Within(begin, open, close, depth))));
            Assert.Equal(("RecursionError", 2), (fault.Kind, fault.Line));
            Assert.Contains("200 levels are allowed", fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("1", " + 1", "201"), InlineData("'a'", " | upper", "A"), InlineData("x", ".x", "1"), InlineData("x", "['x']", "1")]
    [InlineData("1", " if 1", "1"), InlineData("1", " and 1", "1"), InlineData("0", " or 0", "0")]
    [InlineData("1", " ** 1", "1"), InlineData("1", " if 0 else 1", "1")]
    public void AChainIsRenderedToItsBoundAndAFaultBeyond(string first, string link, string rendered)
    {
        var self = new Dictionary<string, object?> { ["x"] = Chained(200) };
        string? text = null;
        var thrown = OnSmallStack(() => text = Rendered(Source(200), self));
        Assert.Null(thrown);
        Assert.Equal(rendered, text);
        foreach (int links in new[] { 201, 200_000 })
            Assert.Equal("RecursionError", Assert.IsType<TemplateException>(OnSmallStack(() => Rendered(Source(links), self))).Kind);

        string Source(int links) => "{{ " + first + string.Concat(Enumerable.Repeat(link, links)) + " }}";

        static object Chained(int depth) => depth == 0 ? 1 : new Dictionary<string, object?> { ["x"] = Chained(depth - 1) };
    }

    [Fact]
    public void BranchesOfOneConditionAreNotWithinEachOther()
    {
        string source = "{% if x == 0 %}0" + string.Concat(Enumerable.Range(1, 5000).Select(i => $"{{% elif x == {i} %}}{i}")) + "{% endif %}";
        string? text = null;
        Assert.Null(OnSmallStack(() => text = Rendered(source, new() { ["x"] = 4999 })));
        Assert.Equal("4999", text);
    }

    [Fact]
    public void AFaultInABranchsConditionHasTheBranchsLine()
    {
        var fault = Assert.Throws<TemplateException>(() => Rendered("{% if 0 %}\n{% elif 0 %}\n{% elif 1 / 0 %}\n{% endif %}"));
        Assert.Equal(("ZeroDivisionError", 3), (fault.Kind, fault.Line));
    }

    [Fact]
    public void ATemplateRendersFromManyThreadsAtOnce()
    {
        var template = JinjaTemplate.Read("{% for i in range(n) %}{{ loop.index }}{{ loop.changed(i // 2) }},{% endfor %}");
        string wanted = template.Render(new Dictionary<string, object?> { ["n"] = 50 }).Text;
        var texts = new string[64];
        Parallel.For(0, texts.Length, i => texts[i] = template.Render(new Dictionary<string, object?> { ["n"] = 50 }).Text);
        Assert.All(texts, text => Assert.Equal(wanted, text));
    }

    [Fact]
    public void TheClockCanBeFixed() => Assert.Equal(
        "26 Jul 2024",
        JinjaTemplate.Read("{{ strftime_now('%d %b %Y') }}").Render(nothing, new DateTime(2024, 7, 26, 1, 2, 3)).Text);

    [Theory]
    [InlineData("{{ x.append(1) }}"), InlineData("{{ x.sort() }}"), InlineData("{{ y.update(a=1) }}"), InlineData("{{ y.pop('a') }}")]
    public void NothingThatWasGivenIsChanged(string source)
    {
        var given = new Dictionary<string, object?> { ["x"] = new List<object?> { 2, 1 }, ["y"] = new Dictionary<string, object?> { ["a"] = 1 } };
        Assert.Equal("SecurityError", Assert.Throws<TemplateException>(() => Rendered(source, given)).Kind);
    }

    [Fact]
    public void ValuesOfDotNetAreSeenAsPythons()
    {
        var given = new Dictionary<string, object?>
        {
            ["a"] = 1, ["b"] = 2.0, ["c"] = true, ["d"] = null, ["e"] = "x", ["f"] = new object?[] { 1L, "y" },
            ["g"] = new Dictionary<string, object?> { ["k"] = 1.5f },
        };
        Assert.Equal("[1, 2.0, True, None, 'x', [1, 'y'], {'k': 1.5}]", Rendered("{{ [a, b, c, d, e, f, g] }}", given));
    }

    [Fact]
    public void AValueOfAnotherKindIsRefused()
    {
        var fault = Assert.Throws<LowrankException>(() => Rendered("{{ a }}", new() { ["a"] = new Version(1, 2) }));
        Assert.Contains("Version", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PythonRoundsTiesToEven() =>
        Assert.Equal("2.0 0.12 2.67 2.5 0.5|2|0.12", Rendered("{{ 2.5|round }} {{ 0.125|round(2) }} {{ 2.675|round(2) }} {{ 2.45|round(1) }} {{ 0.45|round(1) }}|{{ '%.0f' % 2.5 }}|{{ '%.2f' % 0.125 }}"));
}
