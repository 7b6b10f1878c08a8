import { posix } from 'node:path';

import { defineConfig } from 'vitepress';

import { addressOf, GROUPS, slugOf } from './pages.mjs';
import { referencePages } from './reference.mjs';

/** Runs in the browser, too, and is sent there as text: it may use nothing from outside. Chinese has no spaces to split at, and `rateLimited` is found by its words, too. */
function tokenize(text) {
  const segments = new Intl.Segmenter('zh', { granularity: 'word' }).segment(text);
  const words = [...segments].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
  return [...words, ...words.flatMap((word) => word.split(/[._]|(?<=[a-z])(?=[A-Z])/))];
}

/** Runs in the browser, too: Chinese pages are found in Chinese, and the reference, which is English alone, in both. */
function isOfLanguage({ id }) {
  const isChinese = document.documentElement.lang === 'zh-CN';
  return id.includes('/api/') || id.includes('/zh-CN/') === isChinese;
}

/** VitePress sorts pages into its search indexes before it renames them, so both languages end up in one: let both read it. */
const oneSearchIndex = {
  name: 'one-search-index',
  enforce: 'post',
  transform(code, id) {
    if (id !== '/@localSearchIndex') return undefined;
    return "const both = () => import('@localSearchIndexroot');\nexport default { root: both, 'zh-CN': both };\n";
  },
};

/** Links name files, so that they work on GitHub; here they become addresses. */
function linkByAddress(md) {
  md.core.ruler.push('address-of-link', ({ tokens, env }) => {
    const here = env.relativePath.replace(/^zh-CN\//, '');
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href === null || !/^(?!\/|[a-z]+:)[^#]+\.md(?:#|$)/.test(href)) continue;
      const [file, hash] = href.split('#');
      const target = posix.join(posix.dirname(here), decodeURI(file));
      token.attrSet('href', `/${addressOf(target)}${hash === undefined ? '' : `#${hash}`}`);
    }
  });
}

const sidebar = (language, prefix) => [
  ...GROUPS.map(({ titles, pages }) => ({
    text: titles[language],
    items: pages.map(([path, ...names]) => ({ text: names[language], link: `${prefix}/${path}` })),
  })),
  {
    text: ['API reference', 'API 参考（英文）'][language],
    collapsed: true,
    items: referencePages.map(({ name, subpath }) => ({ text: subpath, link: `/api/${name}` })),
  },
];

const nav = (language, prefix) => [
  { text: ['Guide', '指南'][language], link: `${prefix}/guide/start` },
  { text: ['Recipes', '做法'][language], link: `${prefix}/recipes/cancel-button` },
  { text: 'API', link: '/api/index' },
];

export default defineConfig({
  title: 'nestjs-wechatpay',
  base: process.env.DOCS_BASE ?? '/',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  rewrites: addressOf,
  vite: { plugins: [oneSearchIndex] },
  markdown: {
    anchor: { slugify: slugOf },
    config: (md) => md.use(linkByAddress),
  },
  locales: {
    root: {
      label: 'English',
      lang: 'en',
      description: 'Close WeChat Pay orders from NestJS, and know for certain whether the order ended closed or paid.',
      themeConfig: { nav: nav(0, ''), sidebar: sidebar(0, '') },
    },
    'zh-CN': {
      label: '简体中文',
      lang: 'zh-CN',
      description: '在 NestJS 中关闭微信支付订单，并确切知道订单的结局是已关闭还是已支付。',
      themeConfig: {
        nav: nav(1, '/zh-CN'),
        sidebar: sidebar(1, '/zh-CN'),
        outline: { label: '本页内容' },
        docFooter: { prev: '上一页', next: '下一页' },
        darkModeSwitchLabel: '外观',
        lightModeSwitchTitle: '切换到浅色',
        darkModeSwitchTitle: '切换到深色',
        sidebarMenuLabel: '菜单',
        returnToTopLabel: '回到顶部',
        langMenuLabel: '切换语言',
      },
    },
  },
  themeConfig: {
    externalLinkIcon: true,
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          options: { tokenize },
          searchOptions: { combineWith: 'AND', prefix: true, fuzzy: 0.2, filter: isOfLanguage },
        },
        locales: {
          'zh-CN': {
            translations: {
              button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
              modal: {
                displayDetails: '显示详情',
                resetButtonTitle: '清除',
                backButtonTitle: '返回',
                noResultsText: '没有找到',
                footer: { selectText: '打开', navigateText: '移动', closeText: '关闭' },
              },
            },
          },
        },
      },
    },
  },
});
